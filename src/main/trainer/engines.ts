// The engines there are. A further one takes one folder and one line here.
import { checkedEngine } from './engines/checked-session'
import { createCpuEngine } from './engines/cpu/cpu-engine'
import type { Engine } from './engines/engine'
import { createTensorflowEngine } from './engines/tensorflow/tensorflow-engine'
import { createWebgpuEngine } from './engines/webgpu/webgpu-engine'

export interface EngineParts {
  /** The built thread entry, out/main/tensorflow-worker.js. */
  tensorflowWorker: string
}

/** All engines by the beginning of their devices' names (`tensorflow-cpu`, `webgpu:NVIDIA`), in the order in which a view lists them. */
export function createEngines({ tensorflowWorker }: EngineParts) {
  const byName: Readonly<Record<string, Engine>> = {
    cpu: checkedEngine(createCpuEngine()),
    webgpu: checkedEngine(createWebgpuEngine()),
    tensorflow: checkedEngine(createTensorflowEngine({ workerPath: tensorflowWorker }))
  }
  return {
    engines: Object.values(byName),
    engineOf: (device: string): Engine | undefined => byName[/^[a-z]*/.exec(device)?.[0] ?? '']
  }
}

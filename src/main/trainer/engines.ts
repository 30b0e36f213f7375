// The engines there are. A further one takes one folder and one line here.
import type { Engine } from './engine'
import { createOnnxruntimeEngine } from './engines/onnxruntime/engine'
import { createTensorflowEngine } from './engines/tensorflow/engine'

export interface EngineParts {
  /** The built thread entry, out/main/onnxruntime-worker.js. */
  onnxruntimeWorker: string
  /** The built thread entry, out/main/tensorflow-worker.js. */
  tensorflowWorker: string
}

/** All engines, in the order in which a view lists them. */
export function createEngines({ onnxruntimeWorker, tensorflowWorker }: EngineParts): readonly Engine[] {
  return [
    createOnnxruntimeEngine({ workerPath: onnxruntimeWorker }),
    createTensorflowEngine({ place: { workerPath: tensorflowWorker } })
  ]
}

// The engines there are. A second one takes one folder and one line here.
import type { Engine } from './engine'
import { createOnnxruntimeEngine } from './engines/onnxruntime/engine'

export interface EngineParts {
  /** The built thread entry, out/main/onnxruntime-worker.js. */
  onnxruntimeWorker: string
}

/** All engines, in the order in which a view lists them. */
export function createEngines({ onnxruntimeWorker }: EngineParts): readonly Engine[] {
  return [createOnnxruntimeEngine({ workerPath: onnxruntimeWorker })]
}

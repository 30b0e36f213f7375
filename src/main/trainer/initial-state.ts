// A model's state before its first step.
import { optimizers, tensorNames, tensorShapes, tensorSizes, type ModelConfig } from '@shared/model'
import { randomStream } from '@shared/random'
import type { ModelState } from './engines/engine'

/** Glorot-uniform weights (Glorot & Bengio 2010, eq. 16), zero biases and slots, step 0. Pure in (seed, initKey, tensor). */
export function initialState({ id, layers, optimizer, seed, initKey }: ModelConfig): ModelState {
  const names = tensorNames(layers)
  const shapes = tensorShapes(layers)
  const sizes = tensorSizes(layers)
  const zeros = () => sizes.map((size) => new Float32Array(size))
  const weights = shapes.map((shape, index) => {
    const [inputs = 0, units] = shape
    if (units === undefined) return new Float32Array(inputs)
    const limit = Math.sqrt(6 / (inputs + units))
    const random = randomStream(seed, initKey, names[index] as string)
    return Float32Array.from({ length: inputs * units }, () => (2 * random() - 1) * limit)
  })
  return { id, weights, slots: optimizers[optimizer].slots.map(zeros), step: 0 }
}

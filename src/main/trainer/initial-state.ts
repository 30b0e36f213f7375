// A model's state before its first step.
import { optimizers, tensorNames, tensorShapes, tensorSizes, type ModelConfig } from '@shared/model'
import { randomStream } from '@shared/random'
import type { ModelState } from './engines/engine'

/** The weights below, the optimizer's initial slots, step 0. */
export function initialState(model: ModelConfig): ModelState {
  const { id, layers, optimizer } = model
  const { slots, initialSlot } = optimizers[optimizer]
  const begin = () => tensorSizes(layers).map((size) => new Float32Array(size).fill(initialSlot))
  return { id, weights: initialWeights(model), slots: slots.map(begin), step: 0 }
}

/** Glorot-uniform weights (Glorot & Bengio 2010, eq. 16) and zero biases. Pure in (seed, initKey, tensor). */
export function initialWeights({ layers, seed, initKey }: ModelConfig): Float32Array[] {
  const names = tensorNames(layers)
  return tensorShapes(layers).map((shape, index) => {
    const [inputs = 0, units] = shape
    if (units === undefined) return new Float32Array(inputs)
    const limit = Math.sqrt(6 / (inputs + units))
    const random = randomStream(seed, initKey, names[index] as string)
    const weights = new Float32Array(inputs * units)
    for (let i = 0; i < weights.length; i++) weights[i] = (2 * random() - 1) * limit
    return weights
  })
}

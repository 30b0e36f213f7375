// A model's state before its first step.
import { PIXELS } from '@shared/experiment'
import { randomStream } from '@shared/random'
import { tensorNames, type ModelSpec, type ModelState, type TensorName } from './engine'

/** Shape of each tensor of a model with `latentDim` = d, as engine.ts lists them. */
export function tensorShapes(latentDim: number): Record<TensorName, number[]> {
  return {
    'encoder.weight': [PIXELS, latentDim],
    'encoder.bias': [latentDim],
    'decoder.weight': [latentDim, PIXELS],
    'decoder.bias': [PIXELS]
  }
}

function perTensor(
  latentDim: number,
  make: (name: TensorName, shape: number[]) => Float32Array
): Record<TensorName, Float32Array> {
  const shapes = tensorShapes(latentDim)
  const entries = tensorNames.map((name) => [name, make(name, shapes[name])] as const)
  return Object.fromEntries(entries) as Record<TensorName, Float32Array>
}

const sizeOf = (shape: number[]) => shape.reduce((product, side) => product * side, 1)

/**
 * Glorot-uniform weights (Glorot & Bengio 2010, eq. 16), zero biases, zero moments, step 0.
 * Pure in (seed, model name, tensor name): a model starts the same alone and among others.
 */
export function initialState(model: ModelSpec, seed: number): ModelState {
  const zeros = () => perTensor(model.latentDim, (_, shape) => new Float32Array(sizeOf(shape)))
  const weights = perTensor(model.latentDim, (name, shape) => {
    const [fanIn, fanOut] = shape
    if (fanIn === undefined || fanOut === undefined) return new Float32Array(sizeOf(shape))
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    const random = randomStream(seed, model.name, name)
    return Float32Array.from({ length: fanIn * fanOut }, () => (2 * random() - 1) * limit)
  })
  return { name: model.name, weights, firstMoment: zeros(), secondMoment: zeros(), step: 0 }
}

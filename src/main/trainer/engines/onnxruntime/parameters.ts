// The parameters of a group of models as the graphs hold them: encoders side by side, all biases in one vector, decoders apart.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec, ModelTensors } from '../../engine'

/** A parameter tensor of the group. */
export interface GroupTensor {
  name: string
  shape: number[]
}

/** Σd: the columns of all encoders together. */
export function totalWidth(models: ModelSpec[]): number {
  return models.reduce((sum, model) => sum + model.latentDim, 0)
}

/** Lengths of the parts of the bias vector: all encoders' biases, then each decoder's. */
export function biasParts(models: ModelSpec[]): number[] {
  return [totalWidth(models), ...models.map(() => PIXELS)]
}

/** encoder.weight [784, Σd], bias [Σd + models·784], then decoder.weight [d, 784] of each model. */
export function groupTensors(models: ModelSpec[]): GroupTensor[] {
  const biases = biasParts(models).reduce((sum, length) => sum + length, 0)
  return [
    { name: 'encoder.weight', shape: [PIXELS, totalWidth(models)] },
    { name: 'bias', shape: [biases] },
    ...models.map(({ name, latentDim }) => ({ name: `${name}/decoder.weight`, shape: [latentDim, PIXELS] }))
  ]
}

/** Puts the tensors of each model into the group's, in the order of groupTensors. */
export function stack(models: ModelSpec[], tensors: readonly ModelTensors[]): Float32Array[] {
  const width = totalWidth(models)
  const encoders = new Float32Array(PIXELS * width)
  let column = 0
  models.forEach(({ latentDim }, index) => {
    const own = tensorsOf(tensors, index)['encoder.weight']
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      encoders.set(own.subarray(pixel * latentDim, (pixel + 1) * latentDim), pixel * width + column)
    }
    column += latentDim
  })
  const biases = [...tensors.map((own) => own['encoder.bias']), ...tensors.map((own) => own['decoder.bias'])]
  return [encoders, concatenate(biases), ...tensors.map((own) => own['decoder.weight'].slice())]
}

/** The inverse of stack: copies, which the group's later steps leave alone. */
export function unstack(models: ModelSpec[], [encoders, biases, ...decoders]: readonly Float32Array[]): ModelTensors[] {
  if (!encoders || !biases) throw new Error('A group has an encoder and a bias tensor')
  const width = totalWidth(models)
  let column = 0
  return models.map(({ latentDim }, index) => {
    const own = new Float32Array(PIXELS * latentDim)
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const start = pixel * width + column
      own.set(encoders.subarray(start, start + latentDim), pixel * latentDim)
    }
    const encoderBias = biases.slice(column, column + latentDim)
    const decoderBias = biases.slice(width + index * PIXELS, width + (index + 1) * PIXELS)
    column += latentDim
    const decoder = decoders[index]
    if (!decoder) throw new Error(`No decoder for model ${index} of the group`)
    return {
      'encoder.weight': own,
      'encoder.bias': encoderBias,
      'decoder.weight': decoder.slice(),
      'decoder.bias': decoderBias
    }
  })
}

function tensorsOf(tensors: readonly ModelTensors[], index: number): ModelTensors {
  const own = tensors[index]
  if (!own) throw new Error(`No tensors for model ${index} of the group`)
  return own
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    whole.set(part, start)
    start += part.length
  }
  return whole
}

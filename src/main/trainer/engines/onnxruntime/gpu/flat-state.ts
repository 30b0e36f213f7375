// The parameters of all models as one vector, so that Adam is a dozen launches for all of them. Order: that of groupTensors.
import type { ModelSpec, ModelTensors } from '../../../engine'
import { groupTensors, stack, unstack } from '../parameters'

/** Lengths of the parts of the flat vector: encoders [784, Σd], all biases, then each decoder [d, 784]. */
export function flatParts(models: ModelSpec[]): number[] {
  return groupTensors(models).map(({ shape }) => shape.reduce((product, side) => product * side, 1))
}

/** Numbers in the flat vector: its parts and a nought at the end, which padding.ts refers to and which no step changes. */
export function flatLength(models: ModelSpec[]): number {
  return flatParts(models).reduce((sum, length) => sum + length, 0) + 1
}

/** The tensors of each model in one vector. */
export function flatten(models: ModelSpec[], tensors: readonly ModelTensors[]): Float32Array {
  const flat = new Float32Array(flatLength(models))
  let start = 0
  for (const part of stack(models, tensors)) {
    flat.set(part, start)
    start += part.length
  }
  return flat
}

/** The inverse of flatten: copies, which later steps leave alone. */
export function unflatten(models: ModelSpec[], flat: Float32Array): ModelTensors[] {
  let start = 0
  const parts = flatParts(models).map((length) => {
    start += length
    return flat.subarray(start - length, start)
  })
  return unstack(models, parts)
}

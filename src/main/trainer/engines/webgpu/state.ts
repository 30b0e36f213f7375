// Models' states to and from the rows of vec4s that the kernels know.
import type { ModelState } from '../engine'
import type { Layer, Plan } from './plan'

interface Row {
  tensor: number
  start: number
  length: number
  at: number
}

/** Each row of each tensor: where it starts in the tensor, and in a copy (of weights, or of a slot) in floats. */
function rowsOf(layers: readonly Layer[], first4: number): Row[] {
  return layers.flatMap(({ inputs, outputs, outputs4, weights, bias }, layer) => [
    ...Array.from({ length: inputs }, (_, row) => ({
      tensor: 2 * layer,
      start: row * outputs,
      length: outputs,
      at: 4 * (weights - first4 + row * outputs4)
    })),
    { tensor: 2 * layer + 1, start: 0, length: outputs, at: 4 * (bias - first4) }
  ])
}

/** All of the state buffer: padding and sums over chunks are 0. */
export function packStates({ layers, blocks, state4 }: Plan, states: readonly ModelState[]): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(4 * state4)
  states.forEach(({ weights, slots }, model) => {
    const { first4, slots4 } = blocks[model] as Plan['blocks'][number]
    const rows = rowsOf(layers[model] as Layer[], first4)
    ;[weights, ...slots].forEach((tensors, copy) => {
      const base = 4 * (first4 + copy * slots4)
      for (const { tensor, start, length, at } of rows) {
        packed.set((tensors[tensor] as Float32Array).subarray(start, start + length), base + at)
      }
    })
  })
  return packed
}

/** The other way; `taken` are the steps of each model. */
export function unpackStates(plan: Plan, packed: Float32Array, taken: readonly number[]): ModelState[] {
  return plan.models.map(({ id }, model) => {
    const { first4, slots4, slots } = plan.blocks[model] as Plan['blocks'][number]
    const layers = plan.layers[model] as Layer[]
    const rows = rowsOf(layers, first4)
    const copies = Array.from({ length: 1 + slots }, (_, copy) => {
      const tensors = layers.flatMap(({ inputs, outputs }) => [
        new Float32Array(inputs * outputs),
        new Float32Array(outputs)
      ])
      const base = 4 * (first4 + copy * slots4)
      for (const { tensor, start, length, at } of rows) {
        tensors[tensor]?.set(packed.subarray(base + at, base + at + length), start)
      }
      return tensors
    })
    return { id, weights: copies[0] ?? [], slots: copies.slice(1), step: taken[model] ?? 0 }
  })
}

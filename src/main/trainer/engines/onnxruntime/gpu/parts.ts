// Splitting and joining tensors in few launches. A GPU program may bind so many buffers and no more; WebGPU promises eight.
import type { Graph, Tensor } from '../graph-builder'

/** One input and seven outputs: what every WebGPU adapter can bind. */
const MOST_OUTPUTS = 7

/** Cuts `tensor` along `axis` into parts of these lengths; more than seven are cut off in rounds, the last ones first. */
export function split(graph: Graph, tensor: Tensor, lengths: number[], axis: number): Tensor[] {
  if (lengths.length === 1) return [tensor]
  if (lengths.length <= MOST_OUTPUTS) {
    return graph.ops('Split', [tensor, graph.integers(lengths)], lengths.length, { axis })
  }
  const single = lengths.slice(0, MOST_OUTPUTS - 1)
  const others = lengths.slice(MOST_OUTPUTS - 1)
  const sum = others.reduce((total, length) => total + length, 0)
  const parts = split(graph, tensor, [...single, sum], axis)
  return [...parts.slice(0, -1), ...split(graph, parts[parts.length - 1] as Tensor, others, axis)]
}

/** Cuts `tensor` along `axis`, whose length is `count`, into slices of length one. */
export function slices(graph: Graph, tensor: Tensor, count: number, axis: number): Tensor[] {
  const lengths = Array.from({ length: count }, () => 1)
  return split(graph, tensor, lengths, axis)
}

/** The inverse of split. The runtime itself makes several launches of it where there are many parts. */
export function join(graph: Graph, parts: Tensor[], axis: number): Tensor {
  return parts.length === 1 ? (parts[0] as Tensor) : graph.op('Concat', parts, { axis })
}

/** The same numbers in another shape; no launch. */
export function reshape(graph: Graph, tensor: Tensor, shape: number[]): Tensor {
  return graph.op('Reshape', [tensor, graph.integers(shape)])
}

// What neighbours say of a code: whether those of a class lie together, and whether those in the code are those among the pixels.
import type { NeighbourGraph } from './neighbours'

/**
 * Share of points whose class is that of most of their k nearest neighbours, the point itself left out (leave-one-out); of classes with
 * as many neighbours the smaller one is taken, as scikit-learn's KNeighborsClassifier(weights='uniform') does. `k` is at most the graph's.
 */
export function neighbourAccuracy(graph: NeighbourGraph, labels: ArrayLike<number>, k: number): number {
  let right = 0
  for (let point = 0; point < graph.count; point++) {
    const votes: number[] = []
    for (let at = 0; at < k; at++) {
      const label = labels[graph.indices[point * graph.k + at] as number] as number
      votes[label] = (votes[label] ?? 0) + 1
    }
    let winner = 0
    for (let label = 0; label < votes.length; label++) if ((votes[label] ?? 0) > (votes[winner] ?? 0)) winner = label
    if (winner === labels[point]) right += 1
  }
  return right / graph.count
}

/**
 * Trustworthiness (Venna & Kaski 2001, as scikit-learn's manifold.trustworthiness has it), 0 to 1: what is missing to 1 is how far beyond
 * the k nearest among the originals the k nearest in the code are. `ranks` [count × k]: of each neighbour in the code its place among the
 * originals' neighbours, from 1. Null where k is not below half the count, for which it is not defined.
 */
export function trustworthinessOf(ranks: ArrayLike<number>, count: number, k: number): number | null {
  if (2 * k >= count) return null
  let penalty = 0
  for (let at = 0; at < ranks.length; at++) penalty += Math.max(0, (ranks[at] as number) - k)
  return 1 - (2 * penalty) / (count * k * (2 * count - 3 * k - 1))
}

/** The first `k` neighbours of each point, at most the graph's: [count × k]. */
export function firstNeighbours({ indices, count, k: all }: NeighbourGraph, k: number): Int32Array {
  const first = new Int32Array(count * k)
  for (let point = 0; point < count; point++) first.set(indices.subarray(point * all, point * all + k), point * k)
  return first
}

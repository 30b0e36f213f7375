// How many dimensions points fill, by their nearest neighbours: estimates that depend on the scale at which one looks, so a curve of them.
import type { NeighbourGraph } from './neighbours'

export interface DimensionEstimate {
  dimension: number
  /** Points that it rests on: those whose nearest neighbour is a copy of them (distance 0) are left out. */
  points: number
}

/**
 * TwoNN (Facco, d'Errico, Rodriguez & Laio 2017, doi 10.1038/s41598-017-11873-y): the slope through the origin of −ln(1 − F(μ)) over ln μ,
 * with μ the ratio of the distances to the second and the first neighbour and F its empirical distribution, the largest tenth of μ dropped;
 * as skdim.id.TwoNN(discard_fraction=0.1). Null where fewer than three points are left.
 */
export function twoNN(graph: NeighbourGraph): DimensionEstimate | null {
  const ratios: number[] = []
  for (let point = 0; point < graph.count; point++) {
    const first = graph.distances[point * graph.k] as number
    const second = graph.distances[point * graph.k + 1] as number
    if (first > 0 && Number.isFinite(second)) ratios.push(second / first)
  }
  return ofRatios(ratios)
}

const DROPPED = 0.1

function ofRatios(ratios: readonly number[]): DimensionEstimate | null {
  const kept = Float64Array.from(ratios)
    .sort()
    .subarray(0, Math.trunc(ratios.length * (1 - DROPPED)))
  let [products, squares] = [0, 0]
  kept.forEach((ratio, rank) => {
    const x = Math.log(ratio)
    products -= x * Math.log(1 - (rank + 1) / ratios.length)
    squares += x * x
  })
  return kept.length < 3 || squares === 0 ? null : { dimension: products / squares, points: kept.length }
}

/**
 * TwoNN of every `step`-th point, from the neighbours that the whole graph has: at a coarser scale. A point of which fewer than two are
 * among these is left out.
 */
export function twoNNOfEvery(step: number, graph: NeighbourGraph): DimensionEstimate | null {
  const ratios: number[] = []
  for (let point = 0; point < graph.count; point += step) {
    const found: number[] = []
    for (let at = point * graph.k; at < (point + 1) * graph.k && found.length < 2; at++) {
      if ((graph.indices[at] as number) % step === 0) found.push(graph.distances[at] as number)
    }
    const [first = 0, second = NaN] = found
    if (first > 0 && second > 0) ratios.push(second / first)
  }
  return ofRatios(ratios)
}

/**
 * Maximum likelihood (Levina & Bickel 2004) from k neighbours, the points' estimates joined by their harmonic mean (MacKay & Ghahramani
 * 2005); as skdim.id.MLE().fit(X, n_neighbors=k). `k` is at most the graph's. Null where no point is left.
 */
export function maximumLikelihood(graph: NeighbourGraph, k: number): DimensionEstimate | null {
  let [inverses, points] = [0, 0]
  for (let point = 0; point < graph.count; point++) {
    const first = point * graph.k
    const farthest = graph.distances[first + k - 1] as number
    if (!((graph.distances[first] as number) > 0) || !Number.isFinite(farthest)) continue
    let sum = 0
    for (let at = 0; at < k - 1; at++) sum += Math.log(farthest / (graph.distances[first + at] as number))
    inverses += sum / (k - 1)
    points += 1
  }
  return points === 0 || inverses === 0 ? null : { dimension: points / inverses, points }
}

/** The mean distance to the k-th neighbour: the scale at which an estimate from k neighbours looks. */
export function meanRadius(graph: NeighbourGraph, k: number): number {
  let sum = 0
  for (let point = 0; point < graph.count; point++) sum += graph.distances[point * graph.k + k - 1] as number
  return sum / graph.count
}

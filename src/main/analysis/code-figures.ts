// What is said of one set of codes: its classes, neighbourhoods, dimensions and spectrum.
import type { CodeFigures } from '@shared/analysis'
import { isDead } from '@shared/dead-units'
import { MOST_DECOMPOSED } from '../data/pca'
import { firstNeighbours, neighbourAccuracy, trustworthinessOf } from './neighbour-metrics'
import { maximumLikelihood, meanRadius, twoNN, twoNNOfEvery } from './intrinsic-dimension'
import { probeAccuracy } from './linear-probe'
import type { NeighbourGraph, Points } from './neighbours'
import { ACTIVE_VARIANCE, covarianceEigenvalues, effectiveRank, participationRatio, unitVariances } from './spectrum'

const NEIGHBOURS = 10
const GRAPH_NEIGHBOURS = 50
const SCALES = [3, 5, 10, 20, 50] as const
const EVERY = [1, 2, 4] as const

export interface CodeSet {
  of: CodeFigures['of']
  rank: number
  seed: number | null
  points: Points
  graph: NeighbourGraph
  /** Places among the neighbours by pixels, of those that are compared; null of pixels themselves. */
  ranks: Int32Array | null
}

export function codeFigures(
  { of, rank, seed, points, graph, ranks }: CodeSet,
  labels: ArrayLike<number>,
  classes: number
): CodeFigures {
  const isDecomposed = points.size <= MOST_DECOMPOSED
  const eigenvalues = isDecomposed ? covarianceEigenvalues(points) : null
  const variances = unitVariances(points)
  const scales = SCALES.filter((k) => k <= graph.k)
  const compared = comparedCount(graph)
  return {
    of,
    rank,
    seed,
    size: points.size,
    neighbourAccuracy: neighbourAccuracy(graph, labels, compared),
    probeAccuracy: isDecomposed ? probeAccuracy(points, labels, classes) : null,
    trustworthiness: ranks && trustworthinessOf(ranks, graph.count, compared),
    mle: scales.map((k) => ({ k, radius: meanRadius(graph, k), estimate: maximumLikelihood(graph, k) })),
    twoNN: EVERY.map((step) => ({
      points: Math.ceil(graph.count / step),
      estimate: step === 1 ? twoNN(graph) : twoNNOfEvery(step, graph)
    })),
    participationRatio: eigenvalues && participationRatio(eigenvalues),
    effectiveRank: eigenvalues && effectiveRank(eigenvalues),
    active: variances.filter((variance) => variance > ACTIVE_VARIANCE).length,
    dead: variances.filter(isDead).length
  }
}

/** Neighbours that a graph of so many points has, for the intrinsic dimension at larger scales: fifty, or all others. */
export const graphNeighbours = ({ count }: Pick<Points, 'count'>) => Math.min(GRAPH_NEIGHBOURS, count - 1)

/** Neighbours for accuracy and trustworthiness: ten, or all others where there are fewer. */
export const comparedCount = ({ k }: Pick<NeighbourGraph, 'k'>) => Math.min(NEIGHBOURS, k)

export const comparedNeighbours = (graph: NeighbourGraph) => firstNeighbours(graph, comparedCount(graph))

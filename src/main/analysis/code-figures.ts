// What is said of one set of codes: its classes, neighbourhoods, dimensions and spectrum.
import type { CodeFigures } from '@shared/analysis'
import { MOST_DECOMPOSED } from '../data/pca'
import { firstNeighbours, neighbourAccuracy, trustworthinessOf } from './neighbour-metrics'
import { maximumLikelihood, meanRadius, twoNN, twoNNOfEvery } from './intrinsic-dimension'
import { probeAccuracy } from './linear-probe'
import type { NeighbourGraph, Points } from './neighbours'
import {
  ACTIVE_VARIANCE,
  covarianceEigenvalues,
  DEAD_VARIANCE,
  effectiveRank,
  participationRatio,
  unitVariances
} from './spectrum'

/** Neighbours for accuracy and trustworthiness, and those that the graph has: for the intrinsic dimension at larger scales. */
export const NEIGHBOURS = 10
export const GRAPH_NEIGHBOURS = 50
const SCALES = [3, 5, 10, 20, 50] as const
const EVERY = [1, 2, 4] as const

export interface CodeSet {
  of: CodeFigures['of']
  rank: number
  seed: number | null
  points: Points
  graph: NeighbourGraph
  /** Places among the neighbours by pixels, of the first NEIGHBOURS; null of pixels themselves. */
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
  return {
    of,
    rank,
    seed,
    size: points.size,
    neighbourAccuracy: neighbourAccuracy(graph, labels, Math.min(NEIGHBOURS, graph.k)),
    probeAccuracy: isDecomposed ? probeAccuracy(points, labels, classes) : null,
    trustworthiness: ranks && trustworthinessOf(ranks, graph.count, NEIGHBOURS),
    mle: scales.map((k) => ({ k, radius: meanRadius(graph, k), estimate: maximumLikelihood(graph, k) })),
    twoNN: EVERY.map((step) => ({
      points: Math.ceil(graph.count / step),
      estimate: step === 1 ? twoNN(graph) : twoNNOfEvery(step, graph)
    })),
    participationRatio: eigenvalues && participationRatio(eigenvalues),
    effectiveRank: eigenvalues && effectiveRank(eigenvalues),
    active: variances.filter((variance) => variance > ACTIVE_VARIANCE).length,
    dead: variances.filter((variance) => variance < DEAD_VARIANCE).length
  }
}

export const comparedNeighbours = (graph: NeighbourGraph) => firstNeighbours(graph, NEIGHBOURS)

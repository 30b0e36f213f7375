// The pure functions beside scikit-learn, scikit-dimension and numpy, on 150 points.
import { describe, expect, it } from 'vitest'
import { maximumLikelihood, twoNN, twoNNOfEvery } from '../../../src/main/analysis/intrinsic-dimension'
import { probeAccuracy } from '../../../src/main/analysis/linear-probe'
import { firstNeighbours, neighbourAccuracy, trustworthinessOf } from '../../../src/main/analysis/neighbour-metrics'
import { nearestNeighbours, type Points } from '../../../src/main/analysis/neighbours'
import {
  covarianceEigenvalues,
  effectiveRank,
  participationRatio,
  unitVariances
} from '../../../src/main/analysis/spectrum'
import { reference } from './reference'

const { small } = reference

function pointsOf(columns = 6): Points {
  const values = Float64Array.from(small.points.flatMap((point) => point.slice(0, columns)))
  return { values, count: small.points.length, size: columns }
}

/** Of each point all others by sorting their distances: the plain way. */
const sortedOthers = small.points.map((point, row) => {
  const distances = small.points.map((other) => Math.hypot(...point.map((x, i) => x - other[i]!)))
  const others = small.points.map((_, index) => index).filter((index) => index !== row)
  return others.sort((a, b) => distances[a]! - distances[b]!)
})

describe('nearestNeighbours', () => {
  it('finds those that sorting all distances finds, for every point', () => {
    const graph = nearestNeighbours(pointsOf(), 7)
    for (let row = 0; row < graph.count; row++) {
      expect(Array.from(graph.indices.subarray(row * 7, row * 7 + 7))).toEqual(sortedOthers[row]!.slice(0, 7))
    }
  })

  it('puts the smaller index first among equally near points', () => {
    const graph = nearestNeighbours({ values: Float32Array.of(0, 1, -1, 1, 5), count: 5, size: 1 }, 3)
    expect(Array.from(graph.indices.subarray(0, 3))).toEqual([1, 2, 3])
    expect(Array.from(graph.distances.subarray(3, 6))).toEqual([0, 1, 2])
  })
})

describe('beside the reference libraries', () => {
  const graph = nearestNeighbours(pointsOf(), 10)
  const flat = nearestNeighbours(pointsOf(5), 10)

  it.each([1, 5, 10])('neighbourAccuracy with k = %i is scikit-learn’s', (k) => {
    expect(neighbourAccuracy(graph, small.labels, k)).toBeCloseTo(small.neighbourAccuracy[k]!, 10)
  })

  it('probeAccuracy is that of StandardScaler and RidgeClassifier', () => {
    expect(probeAccuracy(pointsOf(), small.labels, 3)).toBeCloseTo(small.probeAccuracy, 10)
  })

  it.each([5, 10])('trustworthiness with k = %i is scikit-learn’s', (k) => {
    const inCode = firstNeighbours(nearestNeighbours(pointsOf(2), 10), k)
    const ranks = Array.from(inCode, (other, at) => 1 + sortedOthers[Math.floor(at / k)]!.indexOf(other))
    expect(trustworthinessOf(ranks, graph.count, k)).toBeCloseTo(small.trustworthiness[k]!, 10)
  })

  it('intrinsic dimensions are scikit-dimension’s', () => {
    expect(twoNN(flat)?.dimension).toBeCloseTo(small.dimension.twoNN, 6)
    for (const k of [5, 10]) {
      expect(maximumLikelihood(flat, k)?.dimension).toBeCloseTo(small.dimension.mle[k]!, 6)
    }
  })

  it('the spectrum is numpy’s', () => {
    const eigenvalues = covarianceEigenvalues(pointsOf())
    eigenvalues.forEach((value, index) => expect(value).toBeCloseTo(small.spectrum.eigenvalues[index]!, 8))
    expect(participationRatio(eigenvalues)).toBeCloseTo(small.spectrum.participationRatio, 8)
    expect(effectiveRank(eigenvalues)).toBeCloseTo(small.spectrum.effectiveRank, 6)
  })
})

it('trustworthiness is of no more neighbours than half the points', () => {
  const ranks = new Int32Array(21 * 10).fill(1)
  expect(trustworthinessOf(ranks, 21, 10)).toBe(1)
  for (const count of [20, 15]) expect(trustworthinessOf(ranks.subarray(0, count * 10), count, 10)).toBeNull()
})

describe('degenerate codes', () => {
  const same: Points = { values: new Float32Array(40).fill(0.5), count: 20, size: 2 }

  it('have no dimension and no rank, and units without variance', () => {
    const graph = nearestNeighbours(same, 5)
    expect(twoNN(graph)).toBeNull()
    expect(maximumLikelihood(graph, 5)).toBeNull()
    expect(participationRatio(covarianceEigenvalues(same))).toBeNull()
    expect(effectiveRank(covarianceEigenvalues(same))).toBeNull()
    expect(unitVariances(same)).toEqual([0, 0])
  })

  it('a probe of units that say nothing names the class of most points', () => {
    const labels = Array.from({ length: 20 }, (_, index) => (index < 14 ? 1 : 0))
    expect(probeAccuracy(same, labels, 2)).toBeCloseTo(0.7, 10)
  })
})

it('twoNNOfEvery looks at the chosen points alone, as a graph of them would', () => {
  const points = pointsOf(5)
  const whole = nearestNeighbours(points, 149)
  const half = Float64Array.from(
    small.points.filter((_, index) => index % 2 === 0).flatMap((point) => point.slice(0, 5))
  )
  const alone = twoNN(nearestNeighbours({ values: half, count: 75, size: 5 }, 2))
  expect(twoNNOfEvery(2, whole)?.dimension).toBeCloseTo(alone!.dimension, 10)
})

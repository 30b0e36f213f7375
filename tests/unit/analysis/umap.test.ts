// UMAP on points whose clusters are known.
import { describe, expect, it } from 'vitest'
import { firstNeighbours, neighbourAccuracy, trustworthinessOf } from '../../../src/main/analysis/neighbour-metrics'
import { nearestNeighbours, type Points } from '../../../src/main/analysis/neighbours'
import { CURVE, memberships, MIN_DISTANCE, umap } from '../../../src/main/analysis/umap'
import { planeOf, project } from '../../../src/shared/code-plane'
import { randomStream } from '../../../src/shared/random'

const COUNT = 900
const UNITS = 16
const CLUSTERS = 9
const options = { epochs: 200, seed: 1 }

/** Nine clouds of unit variance, their middles six apart along different units: two components can't part them all. */
function clouds(): { points: Points & { values: Float32Array }; labels: number[] } {
  const random = randomStream('clouds')
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const labels = Array.from({ length: COUNT }, (_, point) => point % CLUSTERS)
  const values = new Float32Array(COUNT * UNITS).map(
    (_, at) => normal() + (at % UNITS === labels[Math.floor(at / UNITS)] ? 6 : 0)
  )
  return { points: { values, count: COUNT, size: UNITS }, labels }
}

const { points, labels } = clouds()
const graph = nearestNeighbours(points, 14)
const beginning = project(points.values, planeOf(points.values, UNITS))
const laidOut = umap(graph, beginning, options)
const inPlane = (values: Float32Array) => nearestNeighbours({ values, count: COUNT, size: 2 }, 10)

/** Of each of the 10 nearest in the plane its place among all others in the code: the plain way. */
function ranksOf(values: Float32Array): number[] {
  const all = nearestNeighbours(points, COUNT - 1)
  return Array.from(firstNeighbours(inPlane(values), 10), (other, at) => {
    const first = Math.floor(at / 10) * all.k
    return 1 + all.indices.subarray(first, first + all.k).indexOf(other)
  })
}

describe('umap', () => {
  it('gives the same bytes twice, and others for another seed', () => {
    expect(umap(graph, beginning, options)).toEqual(laidOut)
    expect(umap(graph, beginning, { ...options, seed: 2 })).not.toEqual(laidOut)
  })

  it('keeps clusters apart that two principal components do not', () => {
    expect(neighbourAccuracy(inPlane(beginning), labels, 10)).toBeLessThan(0.8)
    expect(neighbourAccuracy(inPlane(laidOut), labels, 10)).toBeGreaterThan(0.99)
  })

  it('can be trusted more than two principal components', () => {
    const trust = trustworthinessOf(ranksOf(laidOut), COUNT, 10)!
    expect(trust).toBeGreaterThan(0.9)
    expect(trust).toBeGreaterThan(trustworthinessOf(ranksOf(beginning), COUNT, 10)! + 0.05)
  })

  it('tells how far it is after every epoch', () => {
    const shares: number[] = []
    umap(graph, beginning, { epochs: 4, seed: 1 }, (share) => shares.push(share))
    expect(shares).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('places equal points, and those of a code without any variance, at finite places', () => {
    const same = nearestNeighbours({ values: new Float32Array(40), count: 20, size: 2 }, 5)
    expect(umap(same, new Float32Array(40), options).every(Number.isFinite)).toBe(true)
  })
})

it('memberships begin with 1 and sum to log2(k + 1)', () => {
  const strengths = memberships(graph)
  for (let point = 0; point < COUNT; point++) {
    const own = [...strengths.subarray(point * graph.k, (point + 1) * graph.k)]
    expect(own[0]).toBe(1)
    expect(own.reduce((sum, one) => sum + one, 0)).toBeCloseTo(Math.log2(graph.k + 1), 4)
  }
})

it('the curve is the least squares fit to the least distance', () => {
  const loss = (a: number, b: number) => {
    let sum = 0
    for (let step = 0; step < 300; step++) {
      const d = (3 * step) / 299
      const wanted = d < MIN_DISTANCE ? 1 : Math.exp(MIN_DISTANCE - d)
      sum += (1 / (1 + a * d ** (2 * b)) - wanted) ** 2
    }
    return sum
  }
  const best = loss(CURVE.a, CURVE.b)
  for (const [a, b] of [
    [0.01, 0],
    [-0.01, 0],
    [0, 0.005],
    [0, -0.005]
  ] as const) {
    expect(loss(CURVE.a + a, CURVE.b + b)).toBeGreaterThan(best)
  }
})

// The figures of MNIST's own images beside scikit-learn, scikit-dimension and numpy.
import { beforeAll, describe, expect, it } from 'vitest'
import { maximumLikelihood, twoNN } from '../../../src/main/analysis/intrinsic-dimension'
import { probeAccuracy } from '../../../src/main/analysis/linear-probe'
import { firstNeighbours, neighbourAccuracy, trustworthinessOf } from '../../../src/main/analysis/neighbour-metrics'
import { nearestNeighbours, type NeighbourGraph } from '../../../src/main/analysis/neighbours'
import { principalComponents, project, projectionErrors, type Components } from '../../../src/main/analysis/pca'
import { pixelNeighbours, type PixelNeighbours } from '../../../src/main/analysis/pixel-neighbours'
import { gaussianRate } from '../../../src/main/analysis/rate'
import { effectiveRank, participationRatio } from '../../../src/main/analysis/spectrum'
import type { Dataset } from '../../../src/main/data/dataset'
import { mnist } from '../../../src/main/data/mnist'
import { mean } from '../../../src/shared/metrics'
import { reference } from './reference'

const MINUTES = 60_000
let data: Dataset
let components: Components
let codes: Float32Array
let ofCodes: NeighbourGraph
let ofPixels: PixelNeighbours

beforeAll(async () => {
  data = await mnist.load(mnist.folder())
  components = principalComponents(data.train, data.train.count, 16)
  codes = project(components, data.test)
  ofCodes = nearestNeighbours({ values: codes, count: data.test.count, size: 16 }, 20)
  ofPixels = await pixelNeighbours(data.test, 20, [firstNeighbours(ofCodes, 10)], 2, () => undefined)
}, 10 * MINUTES)

describe('test images', () => {
  it('have the dimensions that scikit-dimension finds', () => {
    expect(twoNN(ofPixels.graph)?.dimension).toBeCloseTo(reference.mnist.testDimension.twoNN, 1)
    expect(twoNN(ofPixels.graph)?.dimension).toBeCloseTo(13.56, 1)
    for (const k of [3, 5, 10, 20]) {
      expect(maximumLikelihood(ofPixels.graph, k)?.dimension).toBeCloseTo(reference.mnist.testDimension.mle[k]!, 2)
    }
    expect(maximumLikelihood(ofPixels.graph, 10)?.dimension).toBeCloseTo(12.25, 1)
  })

  it('have neighbours of their own class as often as scikit-learn finds', () => {
    const accuracy = neighbourAccuracy(ofPixels.graph, data.test.labels, 10)
    expect(Math.abs(accuracy - reference.mnist.testNeighbourAccuracy)).toBeLessThanOrEqual(0.0003) // float32 products
  })
})

describe('sixteen components', () => {
  it('have the neighbours, the probe and the trustworthiness that scikit-learn finds', () => {
    const { neighbourAccuracy: neighbours, probeAccuracy: probe, trustworthiness } = reference.mnist.pca16
    expect(Math.abs(neighbourAccuracy(ofCodes, data.test.labels, 10) - neighbours)).toBeLessThanOrEqual(0.0003)
    const own = probeAccuracy({ values: codes, count: data.test.count, size: 16 }, data.test.labels, 10)
    expect(Math.abs(own - probe)).toBeLessThanOrEqual(0.0003)
    expect(trustworthinessOf(ofPixels.ranks[0]!, data.test.count, 10)).toBeCloseTo(trustworthiness, 4)
  })

  it('have the dimensions that scikit-dimension finds', () => {
    expect(twoNN(ofCodes)?.dimension).toBeCloseTo(reference.mnist.pca16.dimension.twoNN, 2)
    expect(maximumLikelihood(ofCodes, 10)?.dimension).toBeCloseTo(reference.mnist.pca16.dimension.mle[10]!, 2)
  })

  it('leave the known error of the test images', () => {
    expect(mean(projectionErrors(components, data.test, codes, 16))).toBeCloseTo(0.02686, 5)
    expect(mean(projectionErrors(components, data.test, codes, 8))).toBeCloseTo(0.03744, 5)
  })
})

describe('training images', () => {
  it('have the spectrum that numpy finds', () => {
    const { participationRatio: ratio, effectiveRank: rank } = reference.mnist.trainSpectrum
    expect(participationRatio(components.variances)).toBeCloseTo(ratio, 3)
    expect(effectiveRank(components.variances)).toBeCloseTo(rank, 3)
  })

  it('have the rates that reverse water-filling gives at PCA’s errors', () => {
    const pca = [0.05567, 0.03744, 0.02686, 0.01683, 0.00905, 0.00421]
    const bits = pca.map((mse) => gaussianRate(components.variances, 784 * mse))
    const known = [2.5, 13.8, 30.6, 68, 153, 327] // field-2026-11, by numpy
    known.forEach((value, index) => expect(bits[index]! / value).toBeCloseTo(1, 1))
  })
})

// The whole analysis of a small run: 300 test images, two untrained models.
import { beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { AnalysisSchema, type CodedModel, type Codes } from '../../../src/shared/analysis'
import { modelsOf } from '../../../src/shared/experiment'
import { encode } from '../../../src/shared/forward'
import { mean } from '../../../src/shared/metrics'
import { codesOf } from '../../../src/main/analysis/codes'
import { nearestNeighbours } from '../../../src/main/analysis/neighbours'
import { pixelNeighbours } from '../../../src/main/analysis/pixel-neighbours'
import type { Dataset, LabelledImages } from '../../../src/main/data/dataset'
import { mnist } from '../../../src/main/data/mnist'
import { initialState } from '../../../src/main/trainer/initial-state'
import { smallExperiment } from '../../fixtures/lab'

const experiment = smallExperiment({ base: { trainLimit: 90 } as never, seeds: [1, 2] })
const models = modelsOf(experiment, 784)
const weights = models.map((model) => initialState(model).weights)
let dataset: Dataset
let codes: Codes
const steps: string[] = []

function first({ pixels, labels, size }: LabelledImages, count: number): LabelledImages {
  const shared = new Uint8Array(new SharedArrayBuffer(count * size))
  shared.set(pixels.subarray(0, count * size))
  return { pixels: shared, labels: labels.slice(0, count), count, size }
}

beforeAll(async () => {
  const { info, test } = await mnist.loadTestSet(mnist.folder())
  dataset = { info, test: first(test, 300), train: first(test, 120) }
  codes = await codesOf(experiment, { epoch: 0, models, weights }, dataset, 1, (step) => steps.push(step))
}, 300_000)

it('is what the schema says, after JSON too', () => {
  expect(v.parse(AnalysisSchema, JSON.parse(JSON.stringify(codes)))).toEqual(codes)
})

it('has errors by class, image and set that agree with one another', () => {
  for (const { models, worst, best } of codes.series) {
    expect(models.map(({ seed }) => seed)).toEqual([1, 2])
    const [{ classMse, test, quantiles }] = models as [CodedModel]
    const weighted = codes.classes.reduce((sum, count, label) => sum + count * (classMse[label] ?? 0), 0)
    expect(weighted / 300).toBeCloseTo(test.mse, 6)
    expect(worst[0]!.mse).toBeCloseTo(quantiles[6]!, 6)
    expect(best[0]!.mse).toBeCloseTo(quantiles[0]!, 6)
    const { index, original } = worst[0]!
    expect(Buffer.from(original, 'base64')).toEqual(
      Buffer.from(dataset.test.pixels.subarray(index * 784, (index + 1) * 784))
    )
  }
})

it('has PSNR and SSIM of every seed, whose models differ', () => {
  for (const { models } of codes.series) {
    for (const { psnr, ssim, test } of models) {
      expect(psnr).toBeGreaterThan(-10 * Math.log10(test.mse) - 1e-6) // of a mean it is below the mean's, Jensen
      expect(ssim).toBeGreaterThan(-1)
      expect(ssim).toBeLessThan(1)
    }
    expect(models[0]!.test.mse).not.toBe(models[1]!.test.mse)
  }
})

it('has rounded codes whose error comes near that of the codes themselves', () => {
  for (const { models, pcaRate } of codes.series) {
    const [{ rate, test }] = models as [CodedModel]
    expect(rate.exact).toBeCloseTo(test.mse, 5)
    expect(rate.points[7]!.mse).toBeCloseTo(rate.exact, 4)
    expect(pcaRate.points[7]!.mse).toBeCloseTo(pcaRate.exact, 4)
    expect(pcaRate.points[0]!.mse).toBeGreaterThan(pcaRate.exact)
  }
})

it('has the spectrum of codes of one and three units', () => {
  const ofModels = codes.codes.filter(({ of }) => of === 'model')
  expect(ofModels.map(({ rank, seed, size }) => [rank, seed, size])).toEqual([
    [0, 1, 1],
    [0, 2, 1],
    [1, 1, 3],
    [1, 2, 3]
  ])
  expect(ofModels[0]!.participationRatio).toBeCloseTo(1, 9)
  expect(ofModels[2]!.effectiveRank).toBeGreaterThan(1)
  expect(ofModels[2]!.effectiveRank).toBeLessThanOrEqual(3)
  expect(codes.codes.filter(({ of }) => of === 'pca').map(({ size }) => size)).toEqual([1, 3])
  expect(codes.codes.filter(({ of }) => of === 'pixels')).toHaveLength(1)
})

it('finds neighbours by the engine’s products as by comparing pixels, and ranks as by sorting', async () => {
  const { test } = dataset
  const values = Float32Array.from(test.pixels, (pixel) => pixel / 255)
  const plain = nearestNeighbours({ values, count: 300, size: 784 }, 299)
  const code = encode(models[2]!.layers, weights[2]!, values)
  const inCode = nearestNeighbours({ values: code, count: 300, size: 3 }, 4)
  const { graph, ranks } = await pixelNeighbours(test, 5, [inCode.indices], 1, () => undefined)
  for (let image = 0; image < 300; image++) {
    const expected = Array.from(plain.indices.subarray(image * 299, image * 299 + 5))
    expect(Array.from(graph.indices.subarray(image * 5, image * 5 + 5))).toEqual(expected)
    const order = Array.from(plain.indices.subarray(image * 299, (image + 1) * 299))
    const own = Array.from(inCode.indices.subarray(image * 4, image * 4 + 4), (other) => 1 + order.indexOf(other))
    expect(Array.from(ranks[0]!.subarray(image * 4, image * 4 + 4))).toEqual(own)
  }
  expect(mean(graph.distances)).toBeGreaterThan(0)
})

describe('of ten test images', () => {
  let few: Codes

  beforeAll(async () => {
    const small = { ...dataset, test: first(dataset.test, 10) }
    few = await codesOf(experiment, { epoch: 0, models, weights }, small, 1, () => undefined)
  })

  it('compares with the nine others there are, which are too many for trustworthiness', () => {
    expect(few.neighbours).toBe(9)
    for (const { trustworthiness, neighbourAccuracy } of few.codes) {
      expect(trustworthiness).toBeNull()
      expect(neighbourAccuracy).toBe(0) // of all nine others, most are never of the tenth one's class
    }
    expect(v.parse(AnalysisSchema, JSON.parse(JSON.stringify(few)))).toEqual(few)
  })

  it('has no error of a class of which there is none', () => {
    expect(few.classes).toEqual([1, 2, 1, 0, 2, 1, 0, 1, 0, 2])
    for (const { classMse } of few.series[0]!.models) {
      expect(classMse.map((error) => error === null)).toEqual(few.classes.map((count) => count === 0))
    }
  })
})

it('says what it does on the way', () => expect(steps.join()).toContain('neighbours of the pixels'))

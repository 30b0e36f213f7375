import { Matrix, SVD } from 'ml-matrix'
import { beforeAll, describe, expect, it } from 'vitest'
import { DIVERGED_FACTOR } from '@shared/divergence'
import { mean, meanError, mseByImage } from '@shared/metrics'
import { boundsOf, meanImage, meanImageBce, meanImageMse, perfectCopyBce } from '../../../src/main/data/bounds'
import { datasetNamed, type Dataset } from '../../../src/main/data/dataset'
import { IMAGES_AT_ONCE, pcaMse, pcaSpectrum } from '../../../src/main/data/pca'
import { mnistFolder } from '../../../src/main/data/mnist'

let dataset: Dataset
beforeAll(async () => {
  dataset = await datasetNamed('mnist').load(mnistFolder({}))
})

const within = (share: number, expected: number) => [expected * (1 - share), expected * (1 + share)] as const
function expectNear(found: number | undefined, expected: number, share = 0.005): void {
  const [from, to] = within(share, expected)
  expect(found).toBeGreaterThan(from)
  expect(found).toBeLessThan(to)
}

describe('bounds on the real MNIST', () => {
  it('perfect copy 0.05808', () => {
    const found = perfectCopyBce(dataset.test)
    expect(found).toBeCloseTo(0.05808, 5)
    const copies = Float32Array.from(dataset.test.pixels, (value) => value / 255)
    expect(found).toBeCloseTo(meanError('bce', copies, copies), 6)
  })

  it('an untrained model, which answers grey, lies 2.6 and 3.4 times as high as the mean digit: not diverged', () => {
    const image = meanImage(dataset.train)
    const grey = new Float32Array(image.length).fill(0.5)
    const [inBce, inMse] = [meanImageBce, meanImageMse].map(
      (loss) => loss(dataset.test, grey) / loss(dataset.test, image)
    )
    expect(inBce).toBeCloseTo(2.6, 1)
    expect(inMse).toBeCloseTo(3.4, 1)
    expect(Math.max(inBce ?? Infinity, inMse ?? Infinity)).toBeLessThan(DIVERGED_FACTOR)
  })

  it('mean digit 0.26250', () => {
    const image = meanImage(dataset.train)
    const found = meanImageBce(dataset.test, image)
    expectNear(found, 0.2625, 0.0005)
    const answers = Float32Array.from(dataset.test.pixels, (_, i) => image[i % 784] ?? 0)
    const pixels = Float32Array.from(dataset.test.pixels, (value) => value / 255)
    expect(found).toBeCloseTo(meanError('bce', pixels, answers), 6)
  })

  it('the mean of the first images only, with pixels that none of them inks', () => {
    const image = meanImage(dataset.train, 2)
    const { pixels } = dataset.train
    image.forEach((value, i) => expect(value).toBeCloseTo(((pixels[i] ?? 0) + (pixels[784 + i] ?? 0)) / 510, 6))
    expect(meanImageBce(dataset.test, image)).toBeGreaterThan(0.5)
    expect(Number.isFinite(meanImageBce(dataset.test, image))).toBe(true)
  })

  it('of a run with squared error: a perfect copy costs nothing, the mean digit its variance', () => {
    const bounds = boundsOf(dataset, 1000, 'mse')
    expect(bounds.perfectCopy).toBe(0)
    const image = meanImage(dataset.train, 1000)
    const answers = Float32Array.from(dataset.test.pixels, (_, i) => image[i % 784] ?? 0)
    expect(bounds.meanDigit).toBeCloseTo(mean(mseByImage(dataset.test.pixels, answers, 784)), 6)
    expect(bounds.meanDigit).toBe(meanImageMse(dataset.test, image))
    expect(bounds.pcaMse).toBeNull()
  })
})

describe('PCA', () => {
  it('on the real MNIST agrees with the reference table and falls with every component', () => {
    const spectrum = pcaSpectrum(dataset.train, dataset.train.count, dataset.test)
    expect(spectrum).toHaveLength(784)
    const reference = { 2: 0.05567, 8: 0.03744, 16: 0.02686, 32: 0.01683, 64: 0.00905, 128: 0.00421 }
    for (const [dims, mse] of Object.entries(reference)) expectNear(pcaMse(spectrum, [Number(dims)])[0], mse)
    expect([...spectrum].every((mse, i) => mse <= (spectrum[i - 1] ?? Infinity))).toBe(true)
    expect(spectrum[783]).toBeLessThan(1e-6)
  }, 180_000)

  it('agrees with projecting each image on the singular vectors of the training images', () => {
    const [trainCount, testCount] = [40, 30]
    const test = { pixels: dataset.test.pixels.subarray(0, testCount * 784), count: testCount, size: 784 }
    const spectrum = pcaSpectrum(dataset.train, trainCount, test)
    const rows = (pixels: Uint8Array, count: number) =>
      Matrix.from1DArray(
        count,
        784,
        Array.from(pixels.subarray(0, count * 784), (value) => value / 255)
      )
    const train = rows(dataset.train.pixels, trainCount)
    const centre = train.mean('column')
    const vectors = new SVD(train.subRowVector(centre), { autoTranspose: true }).rightSingularVectors
    const centred = rows(test.pixels, testCount).subRowVector(centre)
    for (const components of [1, 2, 7, 39]) {
      const basis = vectors.subMatrix(0, 783, 0, components - 1)
      const left = Matrix.sub(centred, centred.mmul(basis).mmul(basis.transpose()))
      expect(spectrum[components - 1]).toBeCloseTo(left.norm('frobenius') ** 2 / (testCount * 784), 10)
    }
    expect(spectrum[783], 'forty images span no more than 39 directions around their mean').toBe(spectrum[38])
  })

  it('of a single image knows no component, and its error is that of the image itself', () => {
    const spectrum = pcaSpectrum(dataset.train, 1, {
      pixels: dataset.test.pixels.subarray(0, 784),
      count: 1,
      size: 784
    })
    const difference = (i: number) => ((dataset.train.pixels[i] ?? 0) - (dataset.test.pixels[i] ?? 0)) / 255
    const error =
      Array.from({ length: 784 }, (_, i) => difference(i) ** 2).reduce((sum, square) => sum + square, 0) / 784
    expect(spectrum[0]).toBeCloseTo(error, 10)
    expect(spectrum[783]).toBe(spectrum[0])
  })

  it('of more images than 32-bit sums can hold is that of the same images once', () => {
    const [size, few, times] = [6, 100, 700]
    const once = Uint8Array.from({ length: few * size }, (_, i) => 200 + ((i * 37) % 56)) // so bright that sums pass 2³²
    const pixels = new Uint8Array(once.length * times)
    for (let time = 0; time < times; time++) pixels.set(once, time * once.length)
    const [part, all] = [
      { pixels: once, count: few, size },
      { pixels, count: few * times, size }
    ]
    expect(all.count).toBeGreaterThan(IMAGES_AT_ONCE)
    const expected = pcaSpectrum(part, part.count, part)
    pcaSpectrum(all, all.count, all).forEach((mse, k) => expect(mse).toBeCloseTo(expected[k] ?? NaN, 12))
    expect(expected[0]).toBeGreaterThan(1e-4)
  })
})

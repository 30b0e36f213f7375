// The leading axes of large images beside the whole decomposition of the same images.
import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '@shared/random'
import type { PixelRows } from '../../../src/main/data/bounds'
import { datasetNamed, type Dataset } from '../../../src/main/data/dataset'
import { leadingAxes } from '../../../src/main/data/leading-axes'
import { mnistFolder } from '../../../src/main/data/mnist'
import { MOST_DECOMPOSED, pcaSpectrum } from '../../../src/main/data/pca'

const [SIDE, LARGE] = [28, 40]
const TRAINED = 3000
let dataset: Dataset
beforeAll(async () => {
  dataset = await datasetNamed('mnist').load(mnistFolder({}))
})

/** The first images within a frame of zeros: the same components and errors, over more pixels. */
function framed({ pixels, size }: PixelRows, count: number): PixelRows {
  const large = new Uint8Array(count * LARGE ** 2)
  for (let row = 0; row < count * SIDE; row++) {
    const [image, line] = [Math.floor(row / SIDE), row % SIDE]
    large.set(
      pixels.subarray(image * size + line * SIDE, image * size + (line + 1) * SIDE),
      image * LARGE ** 2 + line * LARGE
    )
  }
  return { pixels: large, count, size: LARGE ** 2 }
}

const noise = (count: number, size: number): PixelRows => {
  const random = randomStream('noise')
  return { pixels: Uint8Array.from({ length: count * size }, () => 256 * random()), count, size }
}

describe('the spectrum of large images', () => {
  it('is the exact one of the same digits without their frame, within a millionth', () => {
    const test = { ...dataset.test, count: 1000 }
    const exact = pcaSpectrum(dataset.train, TRAINED, test)
    const [train, framedTest] = [framed(dataset.train, TRAINED), framed(dataset.test, 1000)]
    expect(train.size).toBeGreaterThan(MOST_DECOMPOSED)
    for (const most of [2, 128]) {
      const spectrum = pcaSpectrum(train, TRAINED, framedTest, most)
      expect(spectrum).toHaveLength(most)
      const share = LARGE ** 2 / SIDE ** 2
      spectrum.forEach((mse, k) =>
        expect(Math.abs((mse * share) / (exact[k] ?? NaN) - 1), `${k + 1} of ${most}`).toBeLessThan(1e-6)
      )
    }
  }, 180_000)

  it('goes on where the training images vary no more, as many components as are asked for', () => {
    const images = noise(20, 1100)
    const spectrum = pcaSpectrum(images, 20, images, 50)
    expect(spectrum[18]).toBeCloseTo(0, 12)
    expect([spectrum.length, spectrum[49]]).toEqual([50, spectrum[19]])
    expect(spectrum[17]).toBeGreaterThan(1e-4)
  })

  it('of images that are all the same has no component', () => {
    const images = { pixels: new Uint8Array(12 * 1100).fill(7), count: 12, size: 1100 }
    expect([...pcaSpectrum(images, 12, images, 3)]).toEqual([0, 0, 0])
  })
})

describe('axes', () => {
  it('are orthonormal, with the variances that the images have along them, the largest first', () => {
    const images = framed(dataset.train, 500)
    const { means, variances, vectors, total } = leadingAxes(images, 500, 12)
    const axis = (n: number) => vectors.subarray(n * images.size, (n + 1) * images.size)
    const dot = (a: Float64Array, b: ArrayLike<number>) => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0)
    for (let a = 0; a < 12; a++) {
      for (let b = 0; b <= a; b++) expect(dot(axis(a), axis(b))).toBeCloseTo(a === b ? 1 : 0, 10)
      let variance = 0
      for (let image = 0; image < 500; image++) {
        const row = images.pixels.subarray(image * images.size, (image + 1) * images.size)
        variance += (dot(axis(a), row) - dot(axis(a), means)) ** 2 / 500
      }
      expect(variance / (variances[a] ?? NaN)).toBeCloseTo(1, 8)
      expect(variances[a]).toBeLessThanOrEqual(variances[a - 1] ?? Infinity)
    }
    expect(total).toBeGreaterThan(variances.reduce((sum, one) => sum + one, 0))
  })

  it('are the same each time', () => {
    const images = noise(60, 300)
    expect(leadingAxes(images, 60, 4)).toEqual(leadingAxes(images, 60, 4))
  })

  it('of noise, whose variances are nearly equal, leave at most a hundredth more than the exact ones', () => {
    const images = noise(1500, 300)
    const exact = pcaSpectrum(images, 1500, images)
    const { variances, total } = leadingAxes(images, 1500, 40)
    const left = (total - variances.reduce((sum, one) => sum + one, 0)) / (300 * 255 ** 2)
    expect(left / (exact[39] ?? NaN)).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(left / (exact[39] ?? NaN)).toBeLessThan(1.01)
  })
})

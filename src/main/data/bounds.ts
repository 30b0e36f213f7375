// What the data alone says about any autoencoder: the loss of a perfect copy and of the mean image, and the MSE of PCA.
// Pixels count as value / 255; sums run over the stored integers, so they are exact.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { BCE_CLIP, mean } from '@shared/metrics'
import type { Loss } from '@shared/model'
import type { Bounds } from '@shared/run'

/** Images as stored: uint8 pixels [count × size], 0 to 255. */
export interface PixelRows {
  pixels: Uint8Array
  count: number
  /** Pixels of one image. */
  size: number
}

const SQUARE_OF_255 = 255 * 255

/** A Gram matrix is summed in 32 bits for so many images at once, 255² each at most. */
export const IMAGES_AT_ONCE = Math.floor((2 ** 32 - 1) / SQUARE_OF_255)

/** An eigenvalue below this share of the largest is rounding noise: its component carries nothing of the training images. */
const EIGENVALUE_NOISE = 1e-12

/** The run's loss of a perfect copy and of the mean training image, over the test images. PCA is computed apart (trainer/pca-baseline.ts). */
export function boundsOf(
  { train, test }: { train: PixelRows; test: PixelRows },
  trainCount: number,
  loss: Loss
): Bounds {
  const mean = meanImage(train, trainCount)
  if (loss === 'mse') return { perfectCopy: 0, meanDigit: meanImageMse(test, mean), pcaMse: null }
  return { perfectCopy: perfectCopyBce(test), meanDigit: meanImageBce(test, mean), pcaMse: null }
}

/** BCE in nats of an exact copy of every image: the mean entropy of its grey values, since a pixel of 0.3 never costs nothing. */
export function perfectCopyBce(images: PixelRows): number {
  const histogram = new Float64Array(256)
  for (let i = 0; i < images.count * images.size; i++) (histogram[images.pixels[i] as number] as number)++
  const sum = histogram.reduce((total, times, value) => total + times * crossEntropy(value / 255, value / 255), 0)
  return sum / (images.count * images.size)
}

/** Mean of the first `limit` images, pixels in [0, 1]. */
export function meanImage(images: PixelRows, limit = images.count): Float32Array {
  return Float32Array.from(pixelSums(images, limit), (sum) => sum / (255 * limit))
}

/** BCE in nats of answering `image` to every image; predictions are clipped as Keras does, see metrics.ts. */
export function meanImageBce(images: PixelRows, image: Float32Array): number {
  const sums = pixelSums(images, images.count)
  return mean(
    sums.map((sum, pixel) => {
      const prediction = Math.min(Math.max(at(image, pixel), BCE_CLIP), 1 - BCE_CLIP)
      return crossEntropy(sum / (255 * images.count), prediction)
    })
  )
}

/** MSE of answering `image` to every image. */
export function meanImageMse(images: PixelRows, image: Float32Array): number {
  const { pixels, count, size } = images
  let sum = 0
  for (let i = 0; i < count * size; i++) sum += ((pixels[i] as number) / 255 - at(image, i % size)) ** 2
  return sum / (count * size)
}

/**
 * MSE over `test` of PCA with k components, k = 1 … size, fitted on the first `trainCount` training images :
 * entry k − 1. Components beyond the rank of the training images add nothing. Takes seconds; see trainer/pca-baseline.ts.
 *
 * With the test images' second moments T around the training mean and the unit eigenvectors v of the training covariance
 * (Jolliffe 2002, section 2.1), the squared error left after k components is trace(T) − Σ vᵀTv, so no image is projected.
 */
export function pcaSpectrum(train: PixelRows, trainCount: number, test: PixelRows): Float64Array {
  const { means: centre, covariance } = covarianceOf(train, trainCount)
  const testMoments = secondMoments(test, pixelMeans(test), centre)
  // Pixels that are the same in every training image take no part in any component and would only cost time.
  const varying = Array.from(centre.keys()).filter((pixel) => covariance.get(pixel, pixel) > 0)
  const strongestFirst = components(covariance.selection(varying, varying), testMoments.selection(varying, varying))
  let left = testMoments.trace()
  return new Float64Array(train.size).map((_, k) => {
    left -= strongestFirst[k] ?? 0
    return Math.max(left, 0) / (train.size * SQUARE_OF_255)
  })
}

/** Means and covariance (divided by the count) of the pixels of the first `count` images, in units of 1/255 and 1/255². */
export function covarianceOf(images: PixelRows, count: number): { means: Float64Array; covariance: Matrix } {
  const limited = { ...images, count }
  const means = pixelMeans(limited)
  return { means, covariance: secondMoments(limited, means, means) }
}

/** The entries of a spectrum for the given numbers of components, each from 1. */
export function pcaMse(spectrum: ArrayLike<number>, dims: readonly number[]): number[] {
  return dims.map((dim) => spectrum[dim - 1] ?? NaN)
}

/** −x·ln y − (1 − x)·ln(1 − y), where 0·ln 0 = 0. */
function crossEntropy(x: number, y: number): number {
  const term = (share: number, prediction: number) => (share === 0 ? 0 : -share * Math.log(prediction))
  return term(x, y) + term(1 - x, 1 - y)
}

/** Sum of each pixel over the first `limit` images, in units of 1/255. */
function pixelSums(images: PixelRows, limit: number): Float64Array {
  const { pixels, size } = images
  const sums = new Float64Array(size)
  for (let image = 0; image < limit; image++) {
    for (let pixel = 0; pixel < size; pixel++) {
      ;(sums[pixel] as number) += pixels[image * size + pixel] as number
    }
  }
  return sums
}

/** Mean of each pixel, in units of 1/255. */
function pixelMeans(images: PixelRows): Float64Array {
  return pixelSums(images, images.count).map((sum) => sum / images.count)
}

/** Mean of (x − centre)(x − centre)ᵀ over images whose pixels have the given means, in units of 1/255². */
function secondMoments(images: PixelRows, means: Float64Array, centre: Float64Array): Matrix {
  const { size } = images
  const gram = gramMatrix(images)
  const moments = new Matrix(size, size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const [mi, mj, ci, cj] = [at(means, i), at(means, j), at(centre, i), at(centre, j)]
      const value = at(gram, j * size + i) / images.count - mi * cj - ci * mj + ci * cj
      moments.set(i, j, value)
      moments.set(j, i, value)
    }
  }
  return moments
}

/** Σ x·xᵀ over all images, upper triangle, exact up to 2⁵³. */
function gramMatrix({ pixels, count, size }: PixelRows): Float64Array {
  const sums = new Float64Array(size * size)
  for (let first = 0; first < count; first += IMAGES_AT_ONCE) {
    const some = Math.min(IMAGES_AT_ONCE, count - first)
    const part = partOfGramMatrix({ pixels: pixels.subarray(first * size), count: some, size })
    part.forEach((sum, cell) => ((sums[cell] as number) += sum))
  }
  return sums
}

/** The same over at most IMAGES_AT_ONCE images. Four of five MNIST pixels are zero and are skipped. */
function partOfGramMatrix({ pixels, count, size }: PixelRows): Uint32Array {
  const gram = new Int32Array(size * size) // signed while summing: wrapping 32-bit sums are the fast ones
  const litPixels = new Int32Array(size)
  const values = new Int32Array(size)
  for (let image = 0; image < count; image++) {
    let filled = 0
    for (let pixel = 0; pixel < size; pixel++) {
      const value = pixels[image * size + pixel] as number
      if (value === 0) continue
      litPixels[filled] = pixel
      values[filled++] = value
    }
    for (let a = 0; a < filled; a++) {
      const row = Math.imul(litPixels[a] as number, size)
      const value = values[a] as number
      for (let b = a; b < filled; b++) {
        const cell = (row + (litPixels[b] as number)) | 0
        gram[cell] = ((gram[cell] as number) + Math.imul(value, values[b] as number)) | 0
      }
    }
  }
  return new Uint32Array(gram.buffer)
}

/** vᵀTv of each eigenvector v of the covariance that is not rounding noise, the one of the largest eigenvalue first. */
function components(covariance: Matrix, testMoments: Matrix): number[] {
  if (covariance.rows === 0) return []
  const { realEigenvalues, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true
  })
  const products = testMoments.mmul(vectors)
  const captured = (column: number) => {
    let sum = 0
    for (let row = 0; row < vectors.rows; row++) sum += vectors.get(row, column) * products.get(row, column)
    return sum
  }
  const noise = Math.max(...realEigenvalues) * EIGENVALUE_NOISE
  return Array.from(realEigenvalues.keys())
    .filter((column) => at(realEigenvalues, column) > noise)
    .sort((a, b) => at(realEigenvalues, b) - at(realEigenvalues, a))
    .map(captured)
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number
}

// What PCA, the best linear code, leaves of the test images. Sums run over the stored integers, so those of small images are exact.
import { Matrix } from 'ml-matrix'
import { strongestFirst } from '@shared/covariance'
import { pixelMeans, type PixelRows } from './bounds'
import { dot, leadingAxes } from './leading-axes'

const SQUARE_OF_255 = 255 * 255

/** Pixels, or numbers of a code, of which all components are computed at most: the time for that grows with the cube, and gigabytes are soon needed. */
export const MOST_DECOMPOSED = 1024

/** A Gram matrix is summed in 32 bits for so many images at once, 255² each at most. */
export const IMAGES_AT_ONCE = Math.floor((2 ** 32 - 1) / SQUARE_OF_255)

/** An eigenvalue below this share of the largest is rounding noise: its component carries nothing of the training images. */
export const EIGENVALUE_NOISE = 1e-12

/**
 * MSE over `test` of PCA with k components, k = 1 … `most`, fitted on the first `trainCount` training images: entry k − 1. Components beyond
 * the rank of the training images add nothing. Takes seconds, of images above MOST_DECOMPOSED up to minutes; see trainer/pca-baseline.ts.
 */
export function pcaSpectrum(train: PixelRows, trainCount: number, test: PixelRows, most = train.size): Float64Array {
  const { total, captured } =
    train.size > MOST_DECOMPOSED
      ? capturedByAxes(train, trainCount, test, most)
      : capturedByAll(train, trainCount, test)
  let left = total
  return new Float64Array(most).map((_, k) => {
    left -= captured[k] ?? 0
    return Math.max(left, 0) / (train.size * SQUARE_OF_255)
  })
}

/** Squared distance of the test images to the training images' mean, and what of it lies along each component, the strongest first. */
interface Captured {
  total: number
  captured: ArrayLike<number>
}

/**
 * With the test images' second moments T around the training mean and the unit eigenvectors v of the training covariance
 * (Jolliffe 2002, section 2.1), the squared error left after k components is trace(T) − Σ vᵀTv, so no image is projected.
 */
function capturedByAll(train: PixelRows, trainCount: number, test: PixelRows): Captured {
  const { means: centre, covariance } = covarianceOf(train, trainCount)
  const testMoments = secondMoments(test, pixelMeans(test), centre)
  // Pixels that are the same in every training image take no part in any component and would only cost time.
  const varying = Array.from(centre.keys()).filter((pixel) => covariance.get(pixel, pixel) > 0)
  const captured = components(covariance.selection(varying, varying), testMoments.selection(varying, varying))
  return { total: testMoments.trace(), captured }
}

/** The same by projecting each test image. */
function capturedByAxes(
  train: PixelRows,
  trainCount: number,
  { pixels, count, size }: PixelRows,
  most: number
): Captured {
  const { means, vectors, variances } = leadingAxes(train, trainCount, most)
  const captured = new Float64Array(variances.length)
  const centred = new Float64Array(size)
  let total = 0
  for (let image = 0; image < count; image++) {
    for (let i = 0; i < size; i++) centred[i] = (pixels[image * size + i] as number) - at(means, i)
    total += dot(centred, centred) / count
    for (let axis = 0; axis < captured.length; axis++) {
      ;(captured[axis] as number) += dot(centred, vectors.subarray(axis * size, (axis + 1) * size)) ** 2 / count
    }
  }
  return { total, captured }
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
  const { order, vectors } = strongestFirst(covariance, EIGENVALUE_NOISE)
  if (order.length === 0) return []
  const products = testMoments.mmul(vectors)
  return order.map((column) => {
    let sum = 0
    for (let row = 0; row < vectors.rows; row++) sum += vectors.get(row, column) * products.get(row, column)
    return sum
  })
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number
}

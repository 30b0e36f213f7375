// How good a reconstruction is: BCE, MSE, PSNR, SSIM and the share of the gap closed. Originals are uint8 pixels, where nothing else is said,
// reconstructions float32 in [0, 1]; both hold one image after another.
import type { Loss } from './model'
import type { Bounds } from './run'

/** Keras clips predictions to [1e-7, 1 − 1e-7] before it takes a logarithm; so does BCE here. */
const BCE_CLIP = 1e-7

/** The error of answering `y` to a pixel `x`, both in [0, 1]: squared, or binary cross-entropy in nats, −x·ln y − (1 − x)·ln(1 − y). */
export const pixelErrors: Readonly<Record<Loss, (x: number, y: number) => number>> = {
  mse: (x, y) => (x - y) * (x - y),
  bce(x, y) {
    const clipped = Math.min(Math.max(y, BCE_CLIP), 1 - BCE_CLIP)
    return -x * Math.log(clipped) - (1 - x) * Math.log(1 - clipped)
  }
}

/** Mean over all pixels of the error of a reconstruction; both in [0, 1]. */
export function meanError(loss: Loss, images: ArrayLike<number>, reconstructions: ArrayLike<number>): number {
  const error = pixelErrors[loss]
  let sum = 0
  for (let i = 0; i < images.length; i++) sum += error(images[i] as number, reconstructions[i] as number)
  return sum / images.length
}

/** Mean squared error of each image, pixels in [0, 1]: one entry an image of `pixels` values. */
export function mseByImage(originals: Uint8Array, reconstructions: Float32Array, pixels: number): Float64Array {
  return new Float64Array(reconstructions.length / pixels).map((_, image) => {
    let sum = 0
    for (let i = image * pixels; i < (image + 1) * pixels; i++) {
      sum += pixelErrors.mse((originals[i] as number) / 255, reconstructions[i] as number)
    }
    return sum / pixels
  })
}

/** Mean squared error of two images as they are stored (uint8), pixels in [0, 1]. */
export function storedMse(original: Uint8Array, reconstruction: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < original.length; i++) sum += ((original[i] as number) - (reconstruction[i] as number)) ** 2
  return sum / (original.length * 255 * 255)
}

/** Peak signal-to-noise ratio in dB for a data range of 1: 10·log10(1 / MSE); infinite for an exact copy. */
export function psnr(mse: number): number {
  return -10 * Math.log10(mse)
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}

type GapBounds = Pick<Bounds, 'meanDigit' | 'perfectCopy'>

/** The share of the way from the mean digit to a perfect copy, by the run's loss: below 0 where it is worse than the mean digit. */
export function gapShare(loss: number, { meanDigit, perfectCopy }: GapBounds): number {
  return (meanDigit - loss) / (meanDigit - perfectCopy)
}

/** The same as it is drawn, in a bar or a line: 0 (no better than the mean digit) to 1. */
export function gapClosed(loss: number, bounds: GapBounds): number {
  return Math.min(Math.max(gapShare(loss, bounds), 0), 1)
}

const SSIM_C1 = 0.01 ** 2 // (K1·L)², K1 = 0.01, data range L = 1
const SSIM_C2 = 0.03 ** 2 // (K2·L)², K2 = 0.03
/** Pixels of SSIM's window: a smaller image has none. */
export const WINDOW_SIDE = 11
const WINDOW_SIGMA = 1.5

/** Structural similarity against a fixed set of originals. */
export interface Ssim {
  /** One value an image, in (−1, 1]; `reconstructions` are those of the originals from number `first` on. */
  byImage(reconstructions: Float32Array, first?: number): Float64Array
}

/**
 * SSIM of Wang et al. 2004 (IEEE Trans. Image Processing 13(4), eq. 13; windowed statistics eq. 14–16): Gaussian window 11×11,
 * σ 1.5, K1 0.01, K2 0.03, data range 1, population covariance, mean over the windows that lie wholly inside the image.
 * Equals scikit-image's structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1).
 * `originals`: uint8 [count × rows × columns], rows and columns at least 11; their means and variances are computed once, here.
 */
export function createSsim(originals: Uint8Array, count: number, rows: number, columns: number): Ssim {
  const pixels = rows * columns
  const average = windowedMean(rows, columns)
  const windows = (rows - WINDOW_SIDE + 1) * (columns - WINDOW_SIDE + 1)
  const map = () => new Float64Array(pixels)
  const [x, y, product, meanY, meanYY, meanXY] = [map(), map(), map(), map(), map(), map()]
  const meansX = new Float32Array(count * windows)
  const variancesX = new Float32Array(count * windows)

  const readOriginal = (image: number) => {
    for (let i = 0; i < pixels; i++) x[i] = (originals[image * pixels + i] as number) / 255
  }
  for (let image = 0; image < count; image++) {
    readOriginal(image)
    for (let i = 0; i < pixels; i++) product[i] = (x[i] as number) * (x[i] as number)
    average(x, meanY)
    average(product, meanYY)
    for (let i = 0; i < windows; i++) {
      const m = meanY[i] as number
      meansX[image * windows + i] = m
      variancesX[image * windows + i] = (meanYY[i] as number) - m * m
    }
  }

  function ofImage(image: number, reconstruction: Float32Array): number {
    readOriginal(image)
    y.set(reconstruction)
    average(y, meanY)
    for (let i = 0; i < pixels; i++) product[i] = (y[i] as number) * (y[i] as number)
    average(product, meanYY)
    for (let i = 0; i < pixels; i++) product[i] = (x[i] as number) * (y[i] as number)
    average(product, meanXY)
    let sum = 0
    for (let i = 0; i < windows; i++) {
      const muX = meansX[image * windows + i] as number
      const muY = meanY[i] as number
      const varianceX = variancesX[image * windows + i] as number
      const varianceY = (meanYY[i] as number) - muY * muY
      const covariance = (meanXY[i] as number) - muX * muY
      const luminance = (2 * muX * muY + SSIM_C1) / (muX * muX + muY * muY + SSIM_C1)
      sum += (luminance * (2 * covariance + SSIM_C2)) / (varianceX + varianceY + SSIM_C2)
    }
    return sum / windows
  }

  return {
    byImage: (reconstructions, first = 0) =>
      new Float64Array(reconstructions.length / pixels).map((_, image) =>
        ofImage(first + image, reconstructions.subarray(image * pixels, (image + 1) * pixels))
      )
  }
}

/** Gaussian weights of the window's one side, summing to 1; the 11×11 window is their outer product. */
function gaussianWeights(): number[] {
  const centre = (WINDOW_SIDE - 1) / 2
  const weights = Array.from({ length: WINDOW_SIDE }, (_, i) =>
    Math.exp(-((i - centre) ** 2) / (2 * WINDOW_SIGMA ** 2))
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** Half of the weights, to the one in the middle: the window is symmetric. */
const [w0, w1, w2, w3, w4, w5] = gaussianWeights() as [number, number, number, number, number, number]

/** `count` weighted sums, each of eleven values of `from`, `step` apart. The sum is written out: as a loop it takes several times as long. */
function weigh(from: Float64Array, first: number, step: number, to: Float64Array, at: number, count: number): void {
  for (let i = first; i < first + count; i++, at++) {
    to[at] =
      w0 * ((from[i] as number) + (from[i + 10 * step] as number)) +
      w1 * ((from[i + step] as number) + (from[i + 9 * step] as number)) +
      w2 * ((from[i + 2 * step] as number) + (from[i + 8 * step] as number)) +
      w3 * ((from[i + 3 * step] as number) + (from[i + 7 * step] as number)) +
      w4 * ((from[i + 4 * step] as number) + (from[i + 6 * step] as number)) +
      w5 * (from[i + 5 * step] as number)
  }
}

/** A function that averages an image under the window at every place where it fits: along rows, then along columns. */
function windowedMean(rows: number, columns: number): (image: Float64Array, means: Float64Array) => void {
  const outColumns = columns - WINDOW_SIDE + 1
  const outRows = rows - WINDOW_SIDE + 1
  const along = new Float64Array(rows * outColumns)
  return (image, means) => {
    for (let row = 0; row < rows; row++) weigh(image, row * columns, 1, along, row * outColumns, outColumns)
    weigh(along, 0, outColumns, means, 0, outRows * outColumns)
  }
}

// What the data alone says about any autoencoder: the loss of a perfect copy and of the mean image; pca.ts has what PCA reaches.
// Pixels count as value / 255; sums run over the stored integers, so they are exact.
import { mean, pixelErrors } from '@shared/metrics'
import type { Loss } from '@shared/model'
import type { Bounds } from '@shared/run'

/** Images as stored: uint8 pixels [count × size], 0 to 255. */
export interface PixelRows {
  pixels: Uint8Array
  count: number
  /** Pixels of one image. */
  size: number
}

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
  const sum = histogram.reduce((total, times, value) => total + times * pixelErrors.bce(value / 255, value / 255), 0)
  return sum / (images.count * images.size)
}

/** Mean of the first `limit` images, pixels in [0, 1]. */
export function meanImage(images: PixelRows, limit = images.count): Float32Array {
  return Float32Array.from(pixelSums(images, limit), (sum) => sum / (255 * limit))
}

/** BCE in nats of answering `image` to every image: of the mean image, for BCE is linear in what it is compared with. */
export function meanImageBce(images: PixelRows, image: Float32Array): number {
  const sums = pixelSums(images, images.count)
  return mean(sums.map((sum, pixel) => pixelErrors.bce(sum / (255 * images.count), at(image, pixel))))
}

/** MSE of answering `image` to every image. */
export function meanImageMse(images: PixelRows, image: Float32Array): number {
  const { pixels, count, size } = images
  let sum = 0
  for (let i = 0; i < count * size; i++) sum += pixelErrors.mse((pixels[i] as number) / 255, at(image, i % size))
  return sum / (count * size)
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
export function pixelMeans(images: PixelRows): Float64Array {
  return pixelSums(images, images.count).map((sum) => sum / images.count)
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number
}

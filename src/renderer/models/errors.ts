// How far a reconstruction is from an image: both float32, 0 to 1, of one image. Means over pixels, as the run's losses are.
import { BCE_CLIP } from '@shared/metrics'

export function mseOf(image: Float32Array, reconstruction: Float32Array): number {
  let sum = 0
  for (let pixel = 0; pixel < image.length; pixel++) {
    sum += ((image[pixel] as number) - (reconstruction[pixel] as number)) ** 2
  }
  return sum / image.length
}

/** Binary cross-entropy in nats, clipped as `bce` of shared/metrics is. */
export function bceOf(image: Float32Array, reconstruction: Float32Array): number {
  let sum = 0
  for (let pixel = 0; pixel < image.length; pixel++) {
    const x = image[pixel] as number
    const y = Math.min(Math.max(reconstruction[pixel] as number, BCE_CLIP), 1 - BCE_CLIP)
    sum -= x * Math.log(y) + (1 - x) * Math.log(1 - y)
  }
  return sum / image.length
}

/** Share, 0 to 1, of the errors, which ascend, that are less than this one. */
export function shareBelow(sorted: Float32Array, error: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < error) low = middle + 1
    else high = middle
  }
  return sorted.length === 0 ? 0 : low / sorted.length
}

/** The value below which this share of the errors, which ascend, lies: the nearest rank. */
export function nearestRank(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

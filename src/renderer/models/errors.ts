// How far a reconstruction is from an image: both float32, 0 to 1, of one image. Means over pixels, as the run's losses are.
import { meanError } from '@shared/metrics'

export const mseOf = (image: Float32Array, reconstruction: Float32Array) => meanError('mse', image, reconstruction)

/** In nats. */
export const bceOf = (image: Float32Array, reconstruction: Float32Array) => meanError('bce', image, reconstruction)

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

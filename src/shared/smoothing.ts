// Smoothed curves, as TensorBoard's: an exponential moving average without the pull of its beginning at zero.
import type { LossCurve } from './series'

/** The strongest smoothing offered. */
export const MOST_SMOOTHING = 0.95

/**
 * The debiased exponential moving average: at each epoch, weights `smoothing` ** 0, 1, 2 … backwards, normed to a sum of 1.
 * `smoothing` from 0 (the curve itself) to below 1. An epoch without a number has none here either, and counts for no other.
 */
export function smoothed(curve: LossCurve, smoothing: number): LossCurve {
  if (smoothing <= 0) return curve
  let sum = 0
  let weight = 0
  return curve.map((value) => {
    if (value === null) return null
    sum = smoothing * sum + (1 - smoothing) * value
    weight = smoothing * weight + (1 - smoothing)
    return sum / weight
  })
}

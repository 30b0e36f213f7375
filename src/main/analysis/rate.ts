// What bits buy: codes rounded to few of them, and the least error that a Gaussian source of the same covariance allows for a rate.
import type { Points } from './neighbours'

export const CODE_BITS = [1, 2, 3, 4, 5, 6, 7, 8] as const

/**
 * The codes with each unit rounded to the nearest of 2^bits levels, evenly spaced from its least to its greatest value; those two ends are
 * known to both sides and not counted.
 */
export function quantised({ values, count, size }: Points, bits: number): Float32Array {
  const low = new Float64Array(size).fill(Infinity)
  const high = new Float64Array(size).fill(-Infinity)
  for (let i = 0; i < count * size; i++) {
    const unit = i % size
    low[unit] = Math.min(low[unit] as number, values[i] as number)
    high[unit] = Math.max(high[unit] as number, values[i] as number)
  }
  const steps = 2 ** bits - 1
  return Float32Array.from({ length: count * size }, (_, i) => {
    const [from, to] = [low[i % size] as number, high[i % size] as number]
    if (to === from) return from
    return from + (Math.round((((values[i] as number) - from) / (to - from)) * steps) / steps) * (to - from)
  })
}

/** Whole bytes that a code of so many units takes. */
export function codeBytes(units: number, bits: number): number {
  return Math.ceil((units * bits) / 8)
}

/**
 * Rate in bits an image below which no code describes a Gaussian source with these variances with the squared error `distortion`, summed
 * over all pixels: reverse water-filling (Cover & Thomas 2006, theorem 10.3.3). 0 where the variances together are below it.
 */
export function gaussianRate(variances: readonly number[], distortion: number): number {
  let [low, high] = [0, Math.max(0, ...variances)]
  for (let step = 0; step < 200; step++) {
    const level = (low + high) / 2
    if (distortionAt(variances, level) < distortion) low = level
    else high = level
  }
  return variances.reduce((bits, variance) => bits + (variance > high ? Math.log2(variance / high) / 2 : 0), 0)
}

/** The same curve the other way round: for the water level its squared error, summed over all pixels. */
export function distortionAt(variances: readonly number[], level: number): number {
  return variances.reduce((sum, variance) => sum + Math.min(level, variance), 0)
}

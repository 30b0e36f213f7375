// Intervals by resampling: what a figure could have been with other test images and, where there are several, other seeds.
import type { Interval } from '@shared/analysis'
import { randomStream } from '@shared/random'

/**
 * Errors on the same images, so that every comparison is paired: errors[row][seed][image]. All rows have the same seeds, but for those of
 * one entry, which are the same with every seed.
 */
export type PairedErrors = readonly (readonly ArrayLike<number>[])[]

/** Of each row, over seeds and images. */
type Means = readonly number[]

export interface Bootstrap {
  means: Means
  /** One entry a resample. */
  resampled: readonly Means[]
}

export const RESAMPLES = 2_000

/**
 * Resamples seeds and, apart from them, images, with replacement: both are crossed, for each seed sees the same images (Owen 2007,
 * "The pigeonhole bootstrap"). The same draw serves all rows. With one seed this is the paired bootstrap over images (Efron &
 * Tibshirani 1993, section 8.3).
 */
export function bootstrap(errors: PairedErrors, resamples = RESAMPLES, key: number | string = 'bootstrap'): Bootstrap {
  const random = randomStream(key)
  const seeds = Math.max(0, ...errors.map((ofRow) => ofRow.length))
  const images = errors[0]?.[0]?.length ?? 0
  const equal = new Float64Array(images).fill(1)
  const weights = new Float64Array(images)
  const draw = () => {
    weights.fill(0)
    for (let n = 0; n < images; n++) (weights[Math.floor(random() * images)] as number) += 1
    const drawn = Array.from({ length: seeds }, () => Math.floor(random() * seeds))
    return errors.map((ofRow) => meanOver(ofRow, drawn, weights))
  }
  const all = Array.from({ length: seeds }, (_, seed) => seed)
  return {
    means: errors.map((ofRow) => meanOver(ofRow, all, equal)),
    resampled: Array.from({ length: resamples }, draw)
  }
}

/** The statistic of the means with its percentile interval (Efron & Tibshirani 1993, section 13.3). */
export function intervalOf({ means, resampled }: Bootstrap, statistic: (means: Means) => number): Interval {
  const values = Float64Array.from(resampled, statistic).sort()
  return { estimate: statistic(means), low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

/** Of sorted values, linear between two of them as numpy.percentile. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number]
  return low + (at - below) * (high - low)
}

/** Weights sum to the number of values. */
function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (values[i] as number)
  return sum / weights.length
}

function meanOver(ofRow: readonly ArrayLike<number>[], seeds: readonly number[], weights: Float64Array): number {
  const [only] = ofRow
  if (ofRow.length === 1 && only) return weightedMean(only, weights)
  const means: number[] = []
  let sum = 0
  for (const seed of seeds) sum += means[seed] ??= weightedMean(ofRow[seed] ?? [], weights)
  return sum / seeds.length
}

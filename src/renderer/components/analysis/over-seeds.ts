// One figure of a series over its seeds, and what is said of how many there are.
import { formatPlural } from '@shared/format'
import { seriesSpread } from '@shared/series'

export interface OverSeeds {
  mean: number | null
  /** With n − 1; null of a single seed, as are both ends. */
  sd: number | null
  low: number | null
  high: number | null
}

/** Of one value a seed. */
export function overSeeds(values: readonly (number | null)[]): OverSeeds {
  const { mean, sd, range } = seriesSpread(values.map((value) => [value]))
  const only = (curve: readonly (number | null)[] | undefined) => curve?.[0] ?? null
  return { mean: only(mean), sd: only(sd ?? []), low: only(range?.low), high: only(range?.high) }
}

/**
 * Which of a run's seeds figures are means of: `One seed.`, `Means of 3 seeds; ± is …`, `Means of the first 5 of 10 seeds; …`. `ranges`: what
 * goes from the least to the greatest.
 */
export function seedsText(n: number, all: number, ranges = 'bands'): string {
  if (all === 1) return 'One seed.'
  const which = n < all ? `the first ${n} of ${all} seeds` : formatPlural(n, 'seed')
  return `Means of ${which}; ± is their standard deviation, ${ranges} go from the least to the greatest.`
}

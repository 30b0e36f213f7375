// One figure of a series over its seeds, and what is said of how many there are.
import { computed, type ComputedRef } from 'vue'
import type { Codes } from '@shared/analysis'
import { formatPlural } from '@shared/format'
import { seriesSpread } from '@shared/series'
import { useRunStore } from '../../stores/run-store'

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

/** Which seeds an analysis of codes is of: `One seed.`, `Means of 3 seeds; ± is …`, `Means of the first 5 of 10 seeds; …`. */
export function useSeedsText(codes: () => Codes): ComputedRef<string> {
  const run = useRunStore()
  return computed(() => {
    const all = run.file?.experiment.seeds.length ?? 1
    const n = codes().seeds.length
    if (all === 1) return 'One seed.'
    const which = n < all ? `the first ${n} of ${all} seeds` : formatPlural(n, 'seed')
    return `Means of ${which}; ± is their standard deviation, bands go from the least to the greatest.`
  })
}

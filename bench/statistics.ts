// A measurement is repeated; this says what the repeats have in common and how far they lie apart.

/** The middle of the repeats and their ends. */
export interface Spread {
  median: number
  least: number
  most: number
}

/** NaN throughout for no values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  const lower = sorted[sorted.length - 1 - middle] ?? NaN
  return { median: (lower + upper) / 2, least: sorted[0] ?? NaN, most: sorted[sorted.length - 1] ?? NaN }
}

/** One by the other, repeat by repeat: what disturbs the machine for a while is in both and leaves their ratio alone. */
export function pairedRatio(over: readonly number[], under: readonly number[]): Spread {
  const pairs = Math.min(over.length, under.length)
  return spreadOf(Array.from({ length: pairs }, (_, repeat) => (over[repeat] as number) / (under[repeat] as number)))
}

// What a chart says where one points at it, or goes by the arrow keys: the same words for pointer, keyboard and screen reader.
export interface ReadValue {
  /** Of the line; empty where the title says it. */
  name: string
  text: string
  colour: string
  /** Height on the axis, where it has a point. */
  y: number | null
}

/** One place of a chart. */
export interface Reading {
  x: number
  title: string
  values: readonly ReadValue[]
}

/** `k = 10: d = 2 1.98, d = 8 6.12`. */
export function readingText({ title, values }: Reading): string {
  return `${title}: ${values.map(({ name, text }) => (name ? `${name} ${text}` : text)).join(', ')}`
}

export interface PlaceInPixels {
  left: number
  top: number
}

/**
 * The number of the reading nearest to a place, by what `toPixels` makes of each value's place; -1 where there is none. Of readings with
 * one value each both directions count, else the horizontal one alone.
 */
export function nearestReading(
  readings: readonly Reading[],
  { left, top }: PlaceInPixels,
  toPixels: (x: number, y: number | null) => PlaceInPixels
): number {
  const areSingle = readings.every(({ values }) => values.length === 1)
  const distances = readings.map(({ x, values }) => {
    const at = toPixels(x, values[0]?.y ?? null)
    return Math.hypot(at.left - left, areSingle ? at.top - top : 0)
  })
  return distances.indexOf(Math.min(...distances))
}

/** Where a key leads among `count` readings from number `at`; null where it leads nowhere. */
export function readingOfKey(key: string, at: number, count: number): number | null {
  const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: count - 1 }[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}

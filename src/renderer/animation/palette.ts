// The colours of a GIF: greys, and each series' colour on its way to white, chosen once for all frames.
import { evenly } from '@shared/evenly'

export type Rgb = [red: number, green: number, blue: number]

export interface Palette {
  /** At most 255: the next index stands for what has not changed since the frame before. */
  colours: readonly Rgb[]
  /** Index of the colour that is nearest; channels from 0 to 255. */
  indexOf(red: number, green: number, blue: number): number
}

const MOST_COLOURS = 255
/** Of them for series, at most. */
const MOST_TINTS = 112
/** Tints of one series, at most: what smooth edges need. */
const TINTS = 8

/** For pictures of greys and lines in these colours, `#rrggbb`, on white. */
export function createPalette(seriesColours: readonly string[]): Palette {
  const shown = seriesColours.length <= MOST_TINTS / 2 ? seriesColours : evenly(seriesColours, MOST_TINTS / 2)
  const each = shown.length === 0 ? 0 : Math.min(TINTS, Math.floor(MOST_TINTS / shown.length))
  const tints = shown.flatMap((colour) => tintsOf(channels(colour), each))
  const greys = MOST_COLOURS - tints.length
  const grey = (index: number) => Math.round((255 * index) / (greys - 1))
  const colours: Rgb[] = [
    ...Array.from({ length: greys }, (_, index): Rgb => [grey(index), grey(index), grey(index)]),
    ...tints
  ]
  const known = new Map<number, number>()
  return {
    colours,
    indexOf(red, green, blue) {
      if (red === green && green === blue) return Math.round((red * (greys - 1)) / 255)
      const key = (red << 16) | (green << 8) | blue
      const found = known.get(key) ?? nearest(colours, red, green, blue)
      known.set(key, found)
      return found
    }
  }
}

/** The colour itself first, then nearer and nearer to white. */
function tintsOf(colour: Rgb, count: number): Rgb[] {
  const towardsWhite = (share: number) => colour.map((value) => Math.round(value + share * (255 - value))) as Rgb
  return Array.from({ length: count }, (_, index) => towardsWhite(index / count))
}

function nearest(colours: readonly Rgb[], red: number, green: number, blue: number): number {
  let [best, least] = [0, Infinity]
  colours.forEach(([r, g, b], index) => {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
    if (distance < least) [best, least] = [index, distance]
  })
  return best
}

const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as Rgb

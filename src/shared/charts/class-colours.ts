// Colours for the classes of a data set, which have no order: at least 3 : 1 on each surface of their theme.
import { fromOklch } from './oklab'

/** Different ones that there are; more are not told apart in any case. */
export const MOST_CLASS_COLOURS = 64

const light = [
  '#1f6fb4',
  '#b8500a',
  '#2a8a3e',
  '#c62f36',
  '#7d5bb5',
  '#8a5a3c',
  '#c4449a',
  '#6b6f76',
  '#767b00',
  '#00818a'
]
const dark = [
  '#6aaef0',
  '#f59a55',
  '#6cc97c',
  '#f27d80',
  '#b79ae8',
  '#c79b7c',
  '#f09bd0',
  '#a3a8b0',
  '#c5c94a',
  '#4fd0d8'
]

/** Turns of the hue by which each next colour is far from those before. */
const GOLDEN_ANGLE = 137.508
const further = {
  light: { lightnesses: [0.54, 0.42, 0.6], chroma: 0.15 },
  dark: { lightnesses: [0.74, 0.84, 0.64], chroma: 0.13 }
}

/** Of all classes beyond those. */
const shared = { light: '#858585', dark: '#7d7d7d' }

/** By class, in the theme; those beyond MOST_CLASS_COLOURS are all of one grey. */
export function classColours(theme: 'light' | 'dark', count = 10): string[] {
  const first = theme === 'dark' ? dark : light
  const { lightnesses, chroma } = further[theme]
  return Array.from({ length: count }, (_, index) => {
    if (index >= MOST_CLASS_COLOURS) return shared[theme]
    const lightness = lightnesses[index % lightnesses.length] as number
    return first[index] ?? fromOklch(lightness, chroma, index * GOLDEN_ANGLE)
  })
}

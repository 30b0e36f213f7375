// Colours of classes are told from the surface they lie on, and from each other.
import { expect, it } from 'vitest'
import { classColours, MOST_CLASS_COLOURS } from '../../../../src/shared/charts/class-colours'

/** Relative luminance as WCAG 2.1 defines it. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

it.each([
  ['light', ['#ffffff', '#f7f7f5', '#f1f1ee']],
  ['dark', ['#17181a', '#121315', '#222427']]
] as const)('%s: at least 3 to 1 on every surface, all different, and one grey beyond them', (theme, surfaces) => {
  const colours = classColours(theme, MOST_CLASS_COLOURS)
  expect(new Set(colours).size).toBe(MOST_CLASS_COLOURS)
  expect(classColours(theme)).toEqual(colours.slice(0, 10))
  const [grey, ...others] = classColours(theme, 256).slice(MOST_CLASS_COLOURS)
  expect(colours).not.toContain(grey)
  expect(new Set(others)).toEqual(new Set([grey]))
  for (const colour of [...colours, grey ?? ''])
    for (const surface of surfaces) expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3)
})

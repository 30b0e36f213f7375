import { describe, expect, it } from 'vitest'
import { darkTheme, seriesColours, lightTheme } from '../../../../src/shared/charts/theme'

/** Relative luminance and contrast of WCAG 2.1. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const x = parseInt(hex.slice(at, at + 2), 16) / 255
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (one: string, other: string) => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', lightTheme],
  ['dark', darkTheme]
])('seriesColours, %s', (_, theme) => {
  it('gives six models exactly the six colours', () => {
    expect(seriesColours(theme, 6)).toEqual(theme.ramp)
  })
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))('keeps %i models apart and 3 to 1 on the surface', (count) => {
    const colours = seriesColours(theme, count)
    expect(new Set(colours).size).toBe(count)
    for (const colour of colours) {
      expect(colour).toMatch(/^#[0-9a-f]{6}$/)
      expect(contrast(colour, theme.surface)).toBeGreaterThanOrEqual(3)
    }
  })
  it('starts and ends where the ramp does', () => {
    const colours = seriesColours(theme, 9)
    expect([colours[0], colours[8]]).toEqual([theme.ramp[0], theme.ramp[5]])
  })
})

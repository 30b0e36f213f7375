// Pictures as ink: whatever their colours, a digit is ink and the sheet is none.
import { expect, it } from 'vitest'
import { inkOfPixels } from '../../../../src/renderer/views/draw/picture'

const SIDE = 40
const isInk = (pixel: number) => Math.abs((pixel % SIDE) - 20) < 3 && Math.abs(Math.floor(pixel / SIDE) - 20) < 12

/** A bar on a sheet, as RGBA. */
function picture(ink: number[], sheet: number[]): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * SIDE * SIDE)
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) rgba.set(isInk(pixel) ? ink : sheet, 4 * pixel)
  return rgba
}

it.each([
  ['black on white', [0, 0, 0, 255], [255, 255, 255, 255]],
  ['white on black', [255, 255, 255, 255], [0, 0, 0, 255]],
  ['pencil on grey paper', [90, 90, 95, 255], [215, 210, 205, 255]],
  ['blue on nothing', [20, 20, 200, 255], [0, 0, 0, 0]],
  ['white on nothing', [255, 255, 255, 255], [0, 0, 0, 0]]
])('%s', (_, ink, sheet) => {
  const { values } = inkOfPixels(picture(ink, sheet), { width: SIDE, height: SIDE })
  values.forEach((value, pixel) =>
    isInk(pixel) ? expect(value).toBeGreaterThan(0.5) : expect(value).toBeLessThan(0.2)
  )
})

it('a picture of one colour has no ink', () => {
  const { values } = inkOfPixels(picture([255, 255, 255, 255], [255, 255, 255, 255]), { width: SIDE, height: SIDE })
  expect(Math.max(...values)).toBe(0)
})

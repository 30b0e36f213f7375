// Ink of a pen: where it lies, how wide it is, and that a curve is smooth.
import { expect, it } from 'vitest'
import { blankInk, FINENESS, inkOf, layStroke, smoothed } from '../../../../src/renderer/views/draw/strokes'

const SIZE = { width: 28, height: 28 }
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)

it('a dot has the area of its disc, a line that of its strip and two half discs', () => {
  const dot = blankInk(SIZE)
  layStroke(dot, { points: [{ x: 14, y: 14 }], thickness: 4 })
  expect(sum(dot.values) / FINENESS ** 2).toBeCloseTo(Math.PI * 4, 0)

  const line = blankInk(SIZE)
  layStroke(line, { points: [{ x: 6, y: 14 }, { x: 20, y: 14 }], thickness: 3 }) // prettier-ignore
  expect(sum(line.values) / FINENESS ** 2).toBeCloseTo(14 * 3 + Math.PI * 2.25, 0)
})

it('ink never exceeds 1 where strokes cross, and ends at the edge of the pad', () => {
  const ink = blankInk(SIZE)
  for (const points of [
    [{ x: -5, y: 14 }, { x: 40, y: 14 }], // prettier-ignore
    [{ x: 14, y: -5 }, { x: 14, y: 40 }] // prettier-ignore
  ])
    layStroke(ink, { points, thickness: 3 })
  expect(Math.max(...ink.values)).toBe(1)
})

it('ink of an image that is not square lies where it was drawn', () => {
  const size = { width: 10, height: 20 }
  const ink = blankInk(size)
  layStroke(ink, { points: [{ x: 5, y: 15 }], thickness: 2 })
  const lies = (x: number, y: number) => ink.values[FINENESS * y * ink.width + FINENESS * x]
  expect([lies(5, 15), lies(5, 5)]).toEqual([1, 0])
  const image = new Float32Array(200).map((_, pixel) => (pixel === 15 * 10 + 5 ? 1 : 0))
  expect(inkOf(image, size).values[FINENESS * 15 * 40 + FINENESS * 5]).toBe(1)
})

it('keeps the ends of a stroke and cuts its corners', () => {
  const corner = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }] // prettier-ignore
  const line = smoothed(corner)
  expect([line[0], line[line.length - 1]]).toEqual([corner[0], corner[2]])
  const turns = line.slice(1, -1).map((point, index) => {
    const [before, after] = [line[index] as typeof point, line[index + 2] as typeof point]
    const angle = (a: typeof point, b: typeof point) => Math.atan2(b.y - a.y, b.x - a.x)
    return Math.abs(angle(point, after) - angle(before, point))
  })
  expect(Math.max(...turns)).toBeLessThan(Math.PI / 8)
})

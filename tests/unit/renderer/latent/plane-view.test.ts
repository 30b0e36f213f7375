// The geometry of a plane on the screen: there and back, what zoom leaves in its place, what a lasso holds.
import { expect, it } from 'vitest'
import {
  fitted,
  inside,
  moved,
  nearest,
  toPlane,
  toScreen,
  zoomed
} from '../../../../src/renderer/views/latent/plane-view'

const size = { width: 400, height: 300 }
const view = { centre: { x: 1, y: -2 }, scale: 20 }
const square = Float32Array.of(0, 0, 1, 1, 3, 1, 1, 3, -1, 1)

it('goes to the screen and back, y upwards', () => {
  const point = { x: 2.5, y: 0.25 }
  expect(toPlane(view, size, toScreen(view, size, point))).toEqual(point)
  expect(toScreen(view, size, { x: 1, y: -1 })).toEqual({ x: 200, y: 130 })
})

it('zooms around a point and follows the pointer', () => {
  const fixed = { x: 4, y: 3 }
  const before = toScreen(view, size, fixed)
  const after = toScreen(zoomed(view, 3, fixed), size, fixed)
  expect(after.x).toBeCloseTo(before.x)
  expect(after.y).toBeCloseTo(before.y)
  const dragged = toScreen(moved(view, 15, -8), size, fixed)
  expect([dragged.x - before.x, dragged.y - before.y]).toEqual([15, -8])
})

it('a fitted view shows the points, one alone as well', () => {
  const { scale, centre } = fitted(square, size)
  for (let index = 0; index < 5; index++) {
    const { x, y } = toScreen({ scale, centre }, size, { x: square[2 * index] ?? 0, y: square[2 * index + 1] ?? 0 })
    expect(x >= 0 && x <= 400 && y >= 0 && y <= 300).toBe(true)
  }
  expect(fitted(new Float32Array(20), size).scale).toBeGreaterThan(0)
})

it('a lasso holds what lies inside, by the even-odd rule where it crosses itself', () => {
  const around = [{ x: -0.5, y: 0.5 }, { x: 2, y: 0.5 }, { x: 2, y: 4 }, { x: -0.5, y: 4 }] // prettier-ignore
  expect(inside(square, around)).toEqual([1, 3])
  const bowTie = [{ x: 0, y: 0 }, { x: 2, y: 2 }, { x: 2, y: 0 }, { x: 0, y: 2 }] // prettier-ignore
  expect(inside(Float32Array.of(0.5, 1, 1, 0.5, 1.5, 1, 1, 1.5), bowTie)).toEqual([0, 2])
  expect(inside(square, [])).toEqual([])
})

it('finds the nearest point within reach among those on show', () => {
  expect(nearest(square, { x: 1.2, y: 1.1 }, 0.5, () => true)).toBe(1)
  expect(nearest(square, { x: 1.2, y: 1.1 }, 0.5, (index) => index !== 1)).toBeNull()
})

import { expect, it } from 'vitest'
import { freeBox } from '../../../../src/shared/charts/free-box'

const boxes = [
  { name: 'right', left: 80, right: 100, top: 0, bottom: 10 },
  { name: 'left', left: 0, right: 20, top: 0, bottom: 10 }
]
const line = (...points: [number, number][]) => points.map(([x, y]) => ({ x, y }))

it('takes the first box while no line is there', () => {
  expect(freeBox(boxes, [line([0, 5], [50, 5])])?.name).toBe('right')
  expect(freeBox(boxes, [])?.name).toBe('right')
})

it('goes where no line passes, also one without a vertex inside', () => {
  expect(freeBox(boxes, [line([50, 30], [90, 5], [95, 30])])?.name).toBe('left')
  expect(freeBox(boxes, [line([70, -10], [110, 20])])?.name).toBe('left')
  expect(freeBox(boxes, [line([70, -10], [110, -5])])?.name).toBe('right')
})

it('takes the box that fewest pieces cross where all are crossed', () => {
  const across = line([0, 5], [100, 5])
  expect(freeBox(boxes, [across, line([85, 0], [95, 10])])?.name).toBe('left')
})

it('skips gaps: pieces to a vertex that is no number', () => {
  expect(freeBox(boxes, [line([70, 5], [90, NaN], [110, 5])])?.name).toBe('right')
})

it('has no answer without boxes', () => {
  expect(freeBox([], [line([0, 0])])).toBeUndefined()
})

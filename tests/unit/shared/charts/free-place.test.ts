import { expect, it } from 'vitest'
import { freePlace } from '../../../../src/shared/charts/free-place'

const places = [
  { name: 'right', left: 80, right: 100, top: 0, bottom: 10 },
  { name: 'left', left: 0, right: 20, top: 0, bottom: 10 }
]
const line = (...points: [number, number][]) => points.map(([x, y]) => ({ x, y }))

it('takes the first place while no line is there', () => {
  expect(freePlace(places, [line([0, 5], [50, 5])])?.name).toBe('right')
  expect(freePlace(places, [])?.name).toBe('right')
})

it('goes where no line passes, also one without a vertex inside', () => {
  expect(freePlace(places, [line([50, 30], [90, 5], [95, 30])])?.name).toBe('left')
  expect(freePlace(places, [line([70, -10], [110, 20])])?.name).toBe('left')
  expect(freePlace(places, [line([70, -10], [110, -5])])?.name).toBe('right')
})

it('takes the place that fewest pieces cross where all are crossed', () => {
  const across = line([0, 5], [100, 5])
  expect(freePlace(places, [across, line([85, 0], [95, 10])])?.name).toBe('left')
})

it('skips gaps: pieces to a vertex that is no number', () => {
  expect(freePlace(places, [line([70, 5], [90, NaN], [110, 5])])?.name).toBe('right')
})

it('has no answer without places', () => {
  expect(freePlace([], [line([0, 0])])).toBeUndefined()
})

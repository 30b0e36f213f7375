// What a chart of an analysis says at the pointer and at the keys.
import { expect, it } from 'vitest'
import {
  nearestReading,
  readingOfKey,
  readingText,
  type Reading
} from '../../../src/renderer/components/analysis/chart-reading'

const value = (y: number | null, name = '') => ({ name, text: String(y), colour: '#000', y })
const toPixels = (x: number, y: number | null) => ({ left: 10 * x, top: y === null ? 0 : 100 - 10 * y })
const reading = (x: number, ...values: Reading['values']): Reading => ({ x, title: `x = ${x}`, values })

it('finds the nearest point, or the nearest place where each has several values', () => {
  const points = [reading(1, value(9)), reading(2, value(1)), reading(3, value(8))]
  expect(nearestReading(points, { left: 19, top: 14 }, toPixels)).toBe(0)
  expect(nearestReading(points, { left: 19, top: 88 }, toPixels)).toBe(1)
  const places = [1, 2, 3].map((x) => reading(x, value(9), value(1)))
  expect(nearestReading(places, { left: 26, top: 0 }, toPixels)).toBe(2)
  expect(nearestReading([], { left: 0, top: 0 }, toPixels)).toBe(-1)
})

it('goes by keys from end to end', () => {
  expect(readingOfKey('ArrowRight', -1, 3)).toBe(0)
  expect(readingOfKey('ArrowRight', 2, 3)).toBe(2)
  expect(readingOfKey('ArrowLeft', 0, 3)).toBe(0)
  expect(readingOfKey('End', 0, 3)).toBe(2)
  expect(readingOfKey('x', 0, 3)).toBeNull()
})

it('says all values in one line', () => {
  expect(readingText(reading(3, value(1, 'd = 2'), value(2, 'd = 8')))).toBe('x = 3: d = 2 1, d = 8 2')
  expect(readingText(reading(3, value(0.5)))).toBe('x = 3: 0.5')
})

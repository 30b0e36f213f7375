import { expect, it } from 'vitest'
import { pairedRatio, spreadOf } from '../../../bench/statistics'

it('takes the middle of an odd number of repeats and between two of an even one', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 })
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, least: 1, most: 4 })
  expect(spreadOf([]).median).toBeNaN()
})

it('divides repeat by repeat, so that a slow while leaves the ratio alone', () => {
  expect(pairedRatio([2, 20, 2], [1, 10, 1])).toEqual({ median: 2, least: 2, most: 2 })
})

it('leaves out repeats that only one of the two has', () => {
  expect(pairedRatio([4, 6, 900], [2, 2])).toEqual({ median: 2.5, least: 2, most: 3 })
})

// Codes of few bits and the rate–distortion curve.
import { expect, it } from 'vitest'
import { codeBytes, gaussianRate, quantised } from '../../../src/main/analysis/rate'

it('rounds each unit to evenly spaced levels between its ends', () => {
  const points = { values: Float32Array.of(0, 10, 0.4, 19, 1, 30, 0.6, 12), count: 4, size: 2 }
  expect(Array.from(quantised(points, 1))).toEqual([0, 10, 0, 10, 1, 30, 1, 10])
  const fine = quantised(points, 8)
  fine.forEach((value, i) => expect(Math.abs(value - points.values[i]!)).toBeLessThanOrEqual((i % 2 ? 20 : 1) / 509))
})

it('leaves a unit that says nothing as it is', () => {
  expect(Array.from(quantised({ values: Float32Array.of(2, 2, 2), count: 3, size: 1 }, 3))).toEqual([2, 2, 2])
})

it('counts whole bytes', () => {
  expect([codeBytes(2, 1), codeBytes(16, 8), codeBytes(3, 3)]).toEqual([1, 16, 2])
})

it('reverse water-filling of equal variances is log₂(σ² / D) / 2 each', () => {
  expect(gaussianRate([4, 4], 2)).toBeCloseTo(2, 9) // D = 1 each
  expect(gaussianRate([4, 1], 2)).toBeCloseTo(1, 9) // the second lies under water
  expect(gaussianRate([4, 1], 6)).toBeCloseTo(0, 9)
})

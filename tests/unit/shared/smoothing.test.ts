import { describe, expect, it } from 'vitest'
import { smoothed } from '@shared/smoothing'

describe('smoothing', () => {
  it('is off at 0', () => {
    const curve = [0.3, null, 0.1]
    expect(smoothed(curve, 0)).toBe(curve)
  })
  it('weighs what came before by powers of the smoothing, with weights of sum 1 from the first epoch on', () => {
    const [first, second, third] = smoothed([1, 2, 4], 0.5)
    expect(first).toBe(1)
    expect(second).toBeCloseTo((2 + 0.5) / 1.5, 12)
    expect(third).toBeCloseTo((4 + 0.5 * 2 + 0.25) / 1.75, 12)
  })
  it('leaves a constant as it is and passes over what is no number', () => {
    expect(smoothed([0.2, 0.2, null, 0.2], 0.9).map((value) => value && Number(value.toFixed(12)))).toEqual([
      0.2,
      0.2,
      null,
      0.2
    ])
  })
})

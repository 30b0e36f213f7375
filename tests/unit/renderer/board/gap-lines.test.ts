import { describe, expect, it } from 'vitest'
import { epochX, gapLine, scrubberTicks } from '../../../../src/renderer/components/board/gap-lines'

const bounds = { perfectCopy: 0.0581, meanDigit: 0.2625 }

describe('the lines of the time machine', () => {
  it('spans the planned epochs, not those that are done', () => {
    expect(epochX(0, 70)).toBe(0)
    expect(epochX(70, 70)).toBe(1000)
    expect(epochX(1, 1)).toBe(1000)
  })

  it('rises from the mean digit to a perfect copy and stays on the ground below the mean digit', () => {
    expect(gapLine([0.4, 0.2625, 0.0581], bounds, 5)).toBe('M200.0 940L400.0 940L600.0 60')
  })

  it('is interrupted where a loss is no number, and empty before the first', () => {
    expect(gapLine([0.2625, null, 0.0581], bounds, 3)).toBe('M333.3 940M1000.0 60')
    expect(gapLine([], bounds, 3)).toBe('')
  })
})

describe('epochs under the scrubber', () => {
  it('has the untrained, round ones and the last', () => {
    expect(scrubberTicks(70)).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
    expect(scrubberTicks(50)).toEqual([0, 10, 20, 30, 40, 50])
    expect(scrubberTicks(3)).toEqual([0, 1, 2, 3])
    expect(scrubberTicks(1)).toEqual([0, 1])
  })

  it('leaves out a round one that would touch an end', () => {
    expect(scrubberTicks(23)).toEqual([0, 5, 10, 15, 20, 23])
    expect(scrubberTicks(42)).toEqual([0, 10, 20, 30, 42])
  })

  it('stays readable for a thousand', () => {
    expect(scrubberTicks(1000)).toEqual([0, 200, 400, 600, 800, 1000])
  })
})

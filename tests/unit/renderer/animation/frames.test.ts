import { expect, it } from 'vitest'
import {
  allSeconds,
  frameEpochs,
  frameSeconds,
  gifHundredths,
  leastStep,
  MOST_FRAMES,
  RATES
} from '../../../../src/renderer/animation/frames'

it('shows the first epoch, every n-th and the last', () => {
  expect(frameEpochs(0, 12, 5)).toEqual([0, 5, 10, 12])
  expect(frameEpochs(1, 4, 1)).toEqual([1, 2, 3, 4])
  expect(frameEpochs(1, 7, 3)).toEqual([1, 3, 6, 7])
  expect(frameEpochs(0, 1, 10)).toEqual([0, 1])
})

it('takes the least step that keeps a long run within the frames there may be', () => {
  expect(leastStep(0, 50)).toBe(1)
  expect(leastStep(0, MOST_FRAMES - 1)).toBe(1)
  expect(leastStep(0, MOST_FRAMES)).toBe(2)
  const step = leastStep(0, 1000)
  expect(frameEpochs(0, 1000, step).length).toBeLessThanOrEqual(MOST_FRAMES)
  expect(frameEpochs(0, 1000, step - 1).length).toBeGreaterThan(MOST_FRAMES)
})

it('holds the last frame, and gives those of a GIF whole hundredths of a second', () => {
  expect([frameSeconds(8, 'gif'), frameSeconds(8, 'webm')]).toEqual([0.13, 0.125])
  expect([0, 1, 3].map((count) => allSeconds(count, 8, 'webm'))).toEqual([0, 2, 2.25])
  expect([gifHundredths(10), gifHundredths(RATES.most), gifHundredths(RATES.least)]).toEqual([10, 3, 50])
})

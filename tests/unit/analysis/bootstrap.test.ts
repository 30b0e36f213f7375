// Intervals beside scipy's, and how often they hold the truth.
import { expect, it } from 'vitest'
import { bootstrap, intervalOf } from '../../../src/main/analysis/bootstrap'
import { randomStream } from '../../../src/shared/random'
import { reference } from './reference'

it('ends where scipy.stats.bootstrap(paired=True, method="percentile") ends', () => {
  const { first, second, difference, ratio } = reference.bootstrap
  const resamples = bootstrap([[first], [second]], 20_000)
  const ofDifference = intervalOf(resamples, ([a, b]) => a! - b!)
  const ofRatio = intervalOf(resamples, ([a, b]) => b! / a!)
  const width = difference.high - difference.low
  expect(Math.abs(ofDifference.low - difference.low)).toBeLessThan(0.03 * width)
  expect(Math.abs(ofDifference.high - difference.high)).toBeLessThan(0.03 * width)
  const ratioWidth = ratio.high - ratio.low
  expect(Math.abs(ofRatio.low - ratio.low)).toBeLessThan(0.03 * ratioWidth)
  expect(Math.abs(ofRatio.high - ratio.high)).toBeLessThan(0.03 * ratioWidth)
  expect(ofRatio.low).toBeLessThan(ofRatio.estimate)
  expect(ofRatio.estimate).toBeLessThan(ofRatio.high)
})

/** Share of intervals for the mean difference that hold the true one, in samples of paired, skewed errors. */
function coverage(samples: number, seeds: number, images: number): number {
  const random = randomStream('coverage', seeds)
  const skewed = () => -Math.log(1 - random())
  let held = 0
  for (let sample = 0; sample < samples; sample++) {
    const common = Array.from({ length: images }, skewed)
    const rows = [1.5, 1].map((level) =>
      Array.from({ length: seeds }, () => {
        const ofSeed = seeds > 1 ? random() - 0.5 : 0
        return common.map((shared) => level * shared + 0.3 * skewed() + ofSeed)
      })
    )
    const { low, high } = intervalOf(bootstrap(rows, 1_000, sample), ([a, b]) => a! - b!)
    if (low <= 0.5 && 0.5 <= high) held += 1
  }
  return held / samples
}

it('holds the true difference in 95 ± 2 % of samples, over images alone', () => {
  const share = coverage(600, 1, 100)
  expect(share).toBeGreaterThanOrEqual(0.93)
  expect(share).toBeLessThanOrEqual(0.97)
})

it('holds it about as often over many seeds as well', () => {
  const share = coverage(150, 20, 30)
  expect(share).toBeGreaterThanOrEqual(0.9)
})

it('takes a row of one seed for every seed, and the same draw for all rows', () => {
  const row = [1, 2, 3, 4, 5]
  const { resampled } = bootstrap([[row, row], [row], [row.map((x) => 2 * x)]], 50)
  for (const [a, b, c] of resampled) {
    expect(a).toBeCloseTo(b!, 12)
    expect(c).toBeCloseTo(2 * b!, 12)
  }
})

it('gives the same interval again', () => {
  const rows = [[[0.1, 0.5, 0.9, 0.3]]]
  expect(intervalOf(bootstrap(rows, 100), ([a]) => a!)).toEqual(intervalOf(bootstrap(rows, 100), ([a]) => a!))
})

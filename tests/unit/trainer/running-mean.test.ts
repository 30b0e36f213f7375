import { expect, test } from 'vitest'
import { createRunningMean } from '../../../src/main/trainer/running-mean'

test('each batch weighs as many as its images, models apart', () => {
  const mean = createRunningMean(2, 4)
  expect(mean.values()).toEqual([NaN, NaN])
  mean.add(Float32Array.from([1, 10, 3, 30]), 8)
  expect(mean.values()).toEqual([2, 20])
  mean.add(Float32Array.from([8, 80]), 2) // the epoch's last, smaller batch
  expect(mean.values()).toEqual([(4 * 1 + 4 * 3 + 2 * 8) / 10, (4 * 10 + 4 * 30 + 2 * 80) / 10])
})

test('sums are kept in float64', () => {
  const mean = createRunningMean(1, 1)
  mean.add(Float32Array.from([2 ** 24]), 1)
  for (let i = 0; i < 3; i++) mean.add(Float32Array.from([1]), 1)
  expect(mean.values()).toEqual([(2 ** 24 + 3) / 4])
})

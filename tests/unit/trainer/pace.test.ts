import { expect, test } from 'vitest'
import { createPace } from '../../../src/main/trainer/pace'

test('time left counts the rest of this epoch, the epochs after it, and each epoch’s evaluation', () => {
  const pace = createPace(100, 10)
  expect(pace.secondsPerEpoch()).toBe(0)
  pace.trained(50, 2)
  expect(pace.secondsPerEpoch()).toBe(4)
  expect(pace.secondsLeft(1, 50)).toBeCloseTo(2 + 9 * 4)
  pace.evaluated(1)
  expect(pace.secondsPerEpoch()).toBe(5)
  expect(pace.secondsLeft(10, 50)).toBeCloseTo(2 + 1)
})

test('the pace follows a machine that gets slower', () => {
  const pace = createPace(100, 10)
  for (let i = 0; i < 10; i++) pace.trained(100, 1)
  for (let i = 0; i < 10; i++) pace.trained(100, 3)
  expect(pace.secondsPerEpoch()).toBeGreaterThan(2.9)
})

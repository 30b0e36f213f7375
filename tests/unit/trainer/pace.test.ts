import { expect, test } from 'vitest'
import { createPace, type Pace } from '../../../src/main/trainer/pace'

/** Calls of the engine that each take so long. */
function train(pace: Pace, from: number, calls: number, images: number, seconds: number): number {
  for (let call = 1; call <= calls; call++) pace.trained(images, from + call * seconds)
  return from + calls * seconds
}

test('time left counts the rest of this epoch, the epochs after it, and each epoch’s evaluation', () => {
  const pace = createPace(100, 10)
  expect(pace.secondsPerEpoch()).toBe(0)
  const half = train(pace, 0, 5, 10, 0.4)
  expect(pace.secondsPerEpoch()).toBeCloseTo(4)
  expect(pace.secondsLeft(1, 50)).toBeCloseTo(2 + 9 * 4)
  const whole = train(pace, half, 5, 10, 0.4)
  pace.evaluated(whole + 1)
  expect(pace.secondsPerEpoch()).toBeCloseTo(5)
  expect(pace.secondsLeft(10, 50)).toBeCloseTo(2 + 1)
  pace.trained(10, whole + 1.4)
  expect(pace.secondsPerEpoch()).toBeCloseTo(5)
})

test('the pace follows a machine that gets slower', () => {
  const pace = createPace(100, 10)
  const slow = train(pace, 0, 10, 100, 1)
  train(pace, slow, 10, 100, 3)
  expect(pace.secondsPerEpoch()).toBeGreaterThan(2.9)
})

test('slow first calls tell nothing, and are forgotten once others have come', () => {
  const pace = createPace(100, 10)
  pace.trained(1, 3)
  train(pace, 3, 3, 1, 0.02)
  expect([pace.secondsPerEpoch(), pace.secondsLeft(1, 4)]).toEqual([0, 0])
  train(pace, 3.06, 1, 1, 0.02)
  expect(pace.secondsPerEpoch()).toBeCloseTo(2)
})

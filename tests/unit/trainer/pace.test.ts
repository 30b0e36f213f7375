import { expect, test } from 'vitest'
import { createPace, type Pace } from '../../../src/main/trainer/pace'

const tenEpochs = Array<number>(10).fill(100)

/** Calls of the engine that each take so long. */
function train(pace: Pace, from: number, calls: number, images: number, seconds: number): number {
  for (let call = 1; call <= calls; call++) pace.trained(images, from + call * seconds)
  return from + calls * seconds
}

test('time left counts the rest of this epoch, the epochs after it, and each epoch’s evaluation', () => {
  const pace = createPace(tenEpochs, 1)
  expect(pace.secondsPerEpoch()).toBe(0)
  const half = train(pace, 0, 5, 10, 0.4)
  expect(pace.secondsPerEpoch()).toBeCloseTo(4)
  expect(pace.secondsLeft()).toBeCloseTo(2 + 9 * 4)
  const whole = train(pace, half, 5, 10, 0.4)
  pace.evaluated(whole + 1)
  expect(pace.secondsPerEpoch()).toBeCloseTo(5)
  pace.trained(10, whole + 1.4)
  expect(pace.secondsPerEpoch()).toBeCloseTo(5)
  expect(pace.secondsLeft()).toBeCloseTo(0.9 * 4 + 8 * 4 + 9 * 1)
})

test('a resumed run has the epochs before it behind it', () => {
  const pace = createPace(tenEpochs, 10)
  train(pace, 0, 5, 10, 0.4)
  expect(pace.secondsLeft()).toBeCloseTo(2)
})

test('epochs in which fewer models train take less', () => {
  const pace = createPace([200, 200, 100], 1)
  train(pace, 0, 5, 20, 0.4)
  expect(pace.secondsPerEpoch()).toBeCloseTo(4)
  expect(pace.secondsLeft()).toBeCloseTo(2 + 4 + 2)
})

test('the pace follows a machine that gets slower', () => {
  const pace = createPace(tenEpochs, 1)
  const slow = train(pace, 0, 5, 100, 1)
  train(pace, slow, 5, 100, 3)
  expect(pace.secondsPerEpoch()).toBeGreaterThan(2.9)
})

test('slow first calls say nothing, and are forgotten once others have come', () => {
  const pace = createPace(tenEpochs, 1)
  pace.trained(1, 3)
  train(pace, 3, 3, 1, 0.02)
  expect([pace.secondsPerEpoch(), pace.secondsLeft()]).toEqual([0, 0])
  train(pace, 3.06, 1, 1, 0.02)
  expect(pace.secondsPerEpoch()).toBeCloseTo(2)
})

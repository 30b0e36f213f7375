// How calls grow and shrink, on a clock that only the test moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCallLength } from '../../../../src/main/trainer/engines/call-length'

let now: number
beforeEach(() => {
  now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

/** Makes calls as they are wanted, each of as many milliseconds as `time` says; answers with their steps. */
function calls(length: ReturnType<typeof createCallLength>, count: number, time: (steps: number) => number): number[] {
  return Array.from({ length: count }, () => {
    const { stepsPerCall } = length
    call(length, stepsPerCall, time(stepsPerCall))
    return stepsPerCall
  })
}

function call(length: ReturnType<typeof createCallLength>, steps: number, milliseconds: number): void {
  const asked = now
  now += milliseconds
  length.ended(asked, steps)
}

test('calls at most double until they take as long as they should', () => {
  expect(calls(createCallLength(80), 6, (steps) => 2 * steps)).toEqual([4, 8, 16, 32, 40, 40])
})

test('a slow engine is called for one step at a time', () => {
  expect(calls(createCallLength(80), 3, (steps) => 500 * steps)).toEqual([4, 1, 1])
})

test('a call that waited for the one before it is not held to be slow', () => {
  const length = createCallLength(80)
  const asked = now
  now += 8
  length.ended(asked, 4)
  now += 8
  length.ended(asked, 4)
  expect(length.stepsPerCall).toBe(16)
})

test('a call that had other work before it tells nothing', () => {
  const length = createCallLength(80)
  now += 9000
  length.ended(1000, 4, false)
  expect(length.stepsPerCall).toBe(4)
})

test('an engine that takes many steps in one run is called for whole runs, though single steps be dear and the first run compiles', () => {
  const length = createCallLength(80, 28)
  let compile = 900
  const time = (steps: number) => {
    const took = steps < 28 ? 5 * steps : (steps / 28) * 20 + compile
    if (steps >= 28) compile = 0
    return took
  }
  expect(calls(length, 5, time)).toEqual([1, 28, 28, 56, 112])
  call(length, 11, time(11)) // the rest of an epoch
  expect(length.stepsPerCall).toBe(112)
})

test('it is called for single steps where a whole run takes far too long, twice in a row', () => {
  const length = createCallLength(80, 7)
  expect(calls(length, 5, (steps) => 60 * steps)).toEqual([1, 7, 7, 1, 1])
})

test('a whole run that is late once stays a whole run', () => {
  const length = createCallLength(80, 7)
  const times = [10, 70, 700, 70, 70]
  expect(calls(length, 5, () => times.shift() ?? 70)).toEqual([1, 7, 7, 7, 7])
})

test('a device on which a whole run would take seconds is not asked for one', () => {
  expect(calls(createCallLength(80, 7), 3, (steps) => 1700 * steps)).toEqual([1, 1, 1])
})

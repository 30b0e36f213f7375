import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWorkingClock } from '../../../src/main/trainer/working-clock'

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

/** A clock whose thread computes `share` of the time that passes. */
function open() {
  let [elapsed, processor] = [0, 0]
  const clock = startWorkingClock({ elapsed: () => elapsed, processor: () => processor })
  return {
    clock,
    /** The thread comes back after so long, and by itself where it was free. */
    pass(milliseconds: number, share = 0) {
      elapsed += milliseconds
      processor += share * milliseconds
    },
    free(milliseconds: number) {
      for (let left = milliseconds; left > 0; left -= 250) {
        elapsed += 250
        vi.advanceTimersByTime(250)
      }
    }
  }
}

test('time goes on while the thread is free, as while a device works', () => {
  const { clock, free } = open()
  free(10_000)
  expect(clock()).toBe(10_000)
})

test('a thread that computes for long without a break is at work', () => {
  const { clock, pass } = open()
  pass(5000, 1)
  expect(clock()).toBe(5000)
})

test('what is left out: a stop, a sleep, a processor that was taken away', () => {
  const { clock, pass, free } = open()
  free(1000)
  pass(30_000)
  expect(clock()).toBe(1250)
  pass(60_000, 0.05)
  expect(clock()).toBe(1250 + 3000)
  pass(1000) // as long as a busy machine may let any thread wait
  expect(clock()).toBe(5250)
})

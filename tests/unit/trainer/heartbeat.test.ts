import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startHeartbeat } from '../../../src/main/trainer/heartbeat'

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'performance'] }))
afterEach(() => vi.useRealTimers())

test('beats while calls are answered in time, and is silent as long as one of several is late', async () => {
  let beats = 0
  const heartbeat = startHeartbeat(
    () => beats++,
    () => performance.now()
  )
  const beatsIn = (milliseconds: number) => {
    const before = beats
    vi.advanceTimersByTime(milliseconds)
    return beats - before
  }
  expect(beatsIn(3000)).toBe(3)

  const answers: (() => void)[] = []
  const calls = [10, 2].map((patience) =>
    heartbeat.during(patience, () => new Promise<void>((done) => answers.push(done)))
  )
  expect(beatsIn(1500)).toBe(1)
  expect(beatsIn(5000)).toBe(0)
  answers[1]?.()
  await calls[1]
  expect(beatsIn(2000)).toBe(2)
  expect(beatsIn(5000)).toBeLessThan(2)
  answers[0]?.()
  await calls[0]
  expect(beatsIn(2000)).toBe(2)
})

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TICK_MILLISECONDS, useUiClock } from '../../../../src/renderer/stores/ui-clock'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})
afterEach(() => void vi.useRealTimers())

it('calls all that waits for a tick at once, but for what is taken back', () => {
  const clock = useUiClock()
  const called: string[] = []
  clock.onTick(() => called.push('progress'))
  const forget = clock.onTick(() => called.push('dot'))
  clock.onTick(() => called.push('epochs'))
  forget()
  vi.advanceTimersByTime(TICK_MILLISECONDS - 1)
  expect(called).toEqual([])
  vi.advanceTimersByTime(1)
  expect(called).toEqual(['progress', 'epochs'])
  expect(clock.count()).toBe(1)
})

it('ticks every other second, however often it is asked, and rests where nothing asks', () => {
  const clock = useUiClock()
  clock.onTick(() => undefined)()
  clock.onTick(() => void clock.onTick(() => undefined))
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(2 * TICK_MILLISECONDS)
  expect([clock.count(), vi.getTimerCount()]).toEqual([2, 0])
})

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { usePulseStore } from '../../../../src/renderer/stores/pulse'
import { stubFrames } from '../lab-link'

let frames: ReturnType<typeof stubFrames>
beforeEach(() => {
  setActivePinia(createPinia())
  frames = stubFrames()
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A beat whose frame is done so many milliseconds after it began; answers with the milliseconds until it came. */
function beatThatTakes(milliseconds: number): number {
  const pulse = usePulseStore()
  const asked = performance.now()
  let came = NaN
  pulse.onNext(() => (came = performance.now()))
  vi.advanceTimersToNextTimer()
  vi.advanceTimersByTime(milliseconds)
  frames.next()
  vi.advanceTimersByTime(0)
  return came - asked
}

it('calls all that waits for it at once, but for what is taken back', () => {
  const pulse = usePulseStore()
  const called: string[] = []
  pulse.onNext(() => called.push('progress'))
  const forget = pulse.onNext(() => called.push('dot'))
  pulse.onNext(() => called.push('epochs'))
  forget()
  vi.advanceTimersByTime(999)
  expect(called).toEqual([])
  vi.advanceTimersByTime(1)
  expect(called).toEqual(['progress', 'epochs'])
  expect(pulse.count()).toBe(1)
})

it('comes later, within limits, the more there was to draw', () => {
  beatThatTakes(10)
  expect(beatThatTakes(25)).toBe(1000)
  expect(beatThatTakes(400)).toBe(2000)
  expect(beatThatTakes(10)).toBe(5000)
  expect(beatThatTakes(10)).toBe(2500)
  expect(beatThatTakes(10)).toBe(1250)
  expect(beatThatTakes(10)).toBe(1000)
})

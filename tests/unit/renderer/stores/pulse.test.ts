import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
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

/** A beat that has so many milliseconds of work, and a frame that comes late; answers with the milliseconds until the beat came. */
async function beatThatTakes(milliseconds: number): Promise<number> {
  const pulse = usePulseStore()
  const asked = performance.now()
  let came = NaN
  pulse.onNext(() => {
    came = performance.now()
    vi.advanceTimersByTime(milliseconds)
  })
  vi.advanceTimersToNextTimer()
  await nextTick()
  vi.advanceTimersByTime(16)
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

it('comes later, within limits, the more there was to draw', async () => {
  await beatThatTakes(10)
  expect(await beatThatTakes(25)).toBe(1000)
  expect(await beatThatTakes(400)).toBe(2000)
  expect(await beatThatTakes(10)).toBe(5000)
  expect(await beatThatTakes(10)).toBe(2500)
  expect(await beatThatTakes(10)).toBe(1250)
  expect(await beatThatTakes(10)).toBe(1000)
})

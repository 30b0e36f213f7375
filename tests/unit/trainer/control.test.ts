import { expect, test } from 'vitest'
import { createControl } from '../../../src/main/trainer/control'

const settled = async (promise: Promise<unknown>) => {
  const waiting = Symbol('waiting')
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, waiting))])) !== waiting
}

test('goes on until it is paused, and again when it is resumed', async () => {
  const control = createControl()
  expect(await control.mayGoOn()).toBe(true)
  control.pause()
  const answer = control.mayGoOn()
  expect(await settled(answer)).toBe(false)
  control.resume()
  expect(await answer).toBe(true)
})

test('a pause that is asked for again while the last one ends is kept', async () => {
  const control = createControl()
  control.pause()
  const answer = control.mayGoOn()
  control.resume()
  control.pause()
  expect(await settled(answer)).toBe(false)
  control.resume()
  expect(await answer).toBe(true)
})

test('a pause or a stop interrupts what is under way, and what comes after a resume is not interrupted', async () => {
  const control = createControl()
  const first = control.interruption
  expect(first.aborted).toBe(false)
  control.pause()
  expect(first.aborted).toBe(true)
  control.resume()
  const second = control.interruption
  expect(second.aborted).toBe(false)
  expect(control.signal.aborted).toBe(false)
  control.stop()
  expect([second.aborted, control.signal.aborted]).toEqual([true, true])
})

test('stop ends a pause and everything after it', async () => {
  const control = createControl()
  control.pause()
  const answer = control.mayGoOn()
  control.stop()
  expect(await answer).toBe(false)
  control.pause()
  expect(await control.mayGoOn()).toBe(false)
  expect(control.signal.aborted).toBe(true)
})

test('waits for an epoch until it is recorded or the training stops', async () => {
  const control = createControl()
  expect(await control.isRecorded(0)).toBe(true)
  const second = control.isRecorded(2)
  control.recorded(1)
  expect(await settled(second)).toBe(false)
  control.recorded(2)
  expect(await second).toBe(true)
  const third = control.isRecorded(3)
  control.stop()
  expect(await third).toBe(false)
  expect(await control.isRecorded(2)).toBe(true)
})

test('seconds leave pauses out', async () => {
  let milliseconds = 0
  const control = createControl(() => milliseconds)
  milliseconds = 1000
  control.pause()
  const answer = control.mayGoOn()
  milliseconds = 31_000
  expect(control.seconds()).toBe(1)
  milliseconds = 61_000
  control.resume()
  await answer
  milliseconds = 61_500
  expect(control.seconds()).toBe(1.5)
})

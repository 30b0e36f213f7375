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

test('seconds leave pauses out', async () => {
  let milliseconds = 0
  const control = createControl(() => milliseconds)
  milliseconds = 1000
  control.pause()
  const answer = control.mayGoOn()
  milliseconds = 61_000
  control.resume()
  await answer
  milliseconds = 61_500
  expect(control.seconds()).toBe(1.5)
})

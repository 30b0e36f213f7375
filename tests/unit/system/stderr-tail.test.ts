import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { stderrTail } from '../../../src/main/system/stderr-tail'

async function written(stderr: PassThrough, text: string): Promise<void> {
  const heard = once(stderr, 'data')
  stderr.write(text)
  await heard
}

it('keeps the end of what was written, and nothing of no stream', async () => {
  const stderr = new PassThrough()
  const tail = stderrTail(stderr)
  stderr.write('x'.repeat(5_000))
  stderr.end('the last words')
  await once(stderr, 'close')
  expect(tail.all()).toHaveLength(4_000)
  expect(tail.all()).toMatch(/x{3986}the last words$/)
  expect(tail.lastWords()).toBe(tail.all())
  expect(stderrTail(null).all()).toBe('')
  expect(stderrTail(null).lastWords()).toBe('')
})

it('tells what was written near the end from what came long before', async () => {
  const clock = { now: 0 }
  const stderr = new PassThrough()
  const tail = stderrTail(stderr, () => clock.now)
  await written(stderr, 'at CheckVkSuccessImpl (VulkanError.cpp:88)\n')
  clock.now = 180_000
  expect(tail.lastWords()).toBe('')
  await written(stderr, 'one, ')
  clock.now = 185_000
  await written(stderr, 'two')
  expect(tail.lastWords()).toBe('one, two')
  clock.now = 191_000
  expect(tail.lastWords()).toBe('two')
  expect(tail.all()).toMatch(/CheckVkSuccessImpl[^]+one, two$/)
})

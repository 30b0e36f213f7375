import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { stderrTail } from '../../../src/main/system/stderr-tail'

it('keeps the end of what was written, and nothing of no stream', async () => {
  const stderr = new PassThrough()
  const tail = stderrTail(stderr)
  stderr.write('x'.repeat(5_000))
  stderr.end('the last words')
  await new Promise((resolve) => stderr.once('close', resolve))
  expect(tail()).toHaveLength(4_000)
  expect(tail()).toMatch(/x{3986}the last words$/)
  expect(stderrTail(null)()).toBe('')
})

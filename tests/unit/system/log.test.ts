import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLog } from '../../../src/main/system/log'

const folder = mkdtempSync(join(tmpdir(), 'log-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('writes a line an event with the stack of what was thrown', () => {
  const path = join(folder, 'one', 'bottleneck-lab.log')
  const log = openLog(path)
  log.info('begun')
  log.error('failed', new TypeError('x is not a function'))
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(/\[info\] +begun\n/)
  expect(text).toMatch(/\[error\] +failed TypeError: x is not a function\n +at .*log\.test\.ts/)
})

it('moves the file aside at 1 MB and begins a new one; one old file is kept', () => {
  const path = join(folder, 'two', 'bottleneck-lab.log')
  const log = openLog(path)
  for (let line = 0; line < 25; line++) log.info(`${line} ${'x'.repeat(100_000)}`)
  expect(readdirSync(join(folder, 'two')).sort()).toEqual(['bottleneck-lab.log', 'bottleneck-lab.old.log'])
  for (const name of readdirSync(join(folder, 'two'))) {
    expect(statSync(join(folder, 'two', name)).size).toBeLessThan(1_200_000)
  }
  expect(readFileSync(path, 'utf8')).toContain(' 24 x')
})

it('loses messages where no folder can be made, and goes on', (context) => {
  context.skip(!existsSync('/proc/version'), 'needs /proc, which Linux has')
  const log = openLog('/proc/lab/log/bottleneck-lab.log')
  log.error('lost', new Error('nowhere'))
  expect(existsSync('/proc/lab')).toBe(false)
})

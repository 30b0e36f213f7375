// A skip tells its reason to `npm test`, or that it has none: read from real runs of Vitest and of Playwright.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { endToEndSkips } from '../../../scripts/skip-reasons.mjs'

const folder = mkdtempSync(join(tmpdir(), 'skips-'))
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })

it('of Vitest, in a test and for a suite', () => {
  const path = join(folder, 'skips.json')
  const tests = `
    import { beforeEach, describe, it } from 'vitest'
    it('runs', () => undefined)
    it('wants a GPU', ({ skip }) => skip('no GPU'))
    it.skip('wants nothing', () => undefined)
    describe('suite', () => {
      beforeEach(({ skip }) => skip(true, 'no disk'))
      it('wants a disk', () => undefined)
    })`
  const start = `
    import SkipReasons from ${JSON.stringify(resolve('scripts/skip-reasons.mjs'))}
    import { startVitest } from 'vitest/node'
    const reporters = [new SkipReasons(${JSON.stringify(path)})]
    const vitest = await startVitest('test', [], { root: import.meta.dirname, config: false, watch: false, reporters })
    await vitest.close()`
  writeFileSync(join(folder, 'one.test.mjs'), tests)
  writeFileSync(join(folder, 'start.mjs'), start)
  run('start.mjs')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
    { test: 'wants a GPU', reason: 'no GPU' },
    { test: 'wants nothing', reason: null },
    { test: 'suite > wants a disk', reason: 'no disk' }
  ])
})

it('of Playwright, in a test and in a describe', () => {
  const tests = `
    const { test } = require('@playwright/test')
    test('runs', () => undefined)
    test('wants a browser', () => test.skip(true, 'no browser'))
    test.describe('suite', () => {
      test.skip('wants nothing', () => undefined)
    })`
  writeFileSync(join(folder, 'two.spec.cjs'), tests)
  writeFileSync(
    join(folder, 'playwright.config.cjs'),
    `module.exports = { projects: [{ name: 'window' }], testMatch: '*.spec.cjs', reporter: 'json' }`
  )
  const report = JSON.parse(run(resolve('node_modules/@playwright/test/cli.js'), 'test')) as { suites: object[] }
  expect(endToEndSkips(report.suites)).toEqual([
    { test: 'window: wants nothing', reason: null },
    { test: 'window: wants a browser', reason: 'window: no browser' }
  ])
})

// `npm test`: everything that can run on this machine, and a last line that counts it. What can't run is skipped with its reason; a skip
// without one is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build-if-stale.mjs'
import { hasDisplay } from './electron.mjs'
import { endToEndSkips, unitSkips } from './skip-reasons.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const unitReport = join(root, 'test-results', 'unit.json')
const endToEndReport = join(root, 'test-results', 'e2e.json') // as playwright.config.ts names it

buildIfStale()
const suites = [runUnitTests(), runEndToEndTests()]
const total = (what) => suites.reduce((sum, suite) => sum + suite[what], 0)
const skips = suites.flatMap((suite) => suite.skips)
const unexplained = skips.filter(({ reason }) => reason === null)
for (const reason of new Set(skips.flatMap(({ reason }) => reason ?? []))) process.stdout.write(`Skipped: ${reason}\n`)
for (const { test } of unexplained) process.stdout.write(`Skipped without a reason: ${test}\n`)
// After a failure others may not have run, for that reason.
const failed = total('failed') || unexplained.length
process.stdout.write(`${total('passed')} passed, ${failed} failed, ${total('skipped')} skipped\n`)
process.exitCode = failed > 0 ? 1 : 0

/** Unit and contract tests. */
function runUnitTests() {
  const reporters = ['default', 'json', join(root, 'scripts/skip-reasons.mjs')].map((name) => `--reporter=${name}`)
  const args = ['run', ...reporters, `--outputFile.json=${unitReport}`]
  rmSync(unitSkips, { force: true })
  const ended = runTool(['vitest/vitest.mjs', ...args], unitReport)
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, success } = ended.report ?? {}
  // A file that can't be loaded has no test to count.
  const failed = ended.report && success ? numFailedTests : Math.max(1, numFailedTests)
  const skips = (readJson(unitSkips) ?? []).map(({ test, reason }) => ({ test, reason: reason && `unit: ${reason}` }))
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, skips }
}

/** The window and the browser, each skipped by its tests where its parts lack. */
function runEndToEndTests() {
  const ended = runTool(['@playwright/test/cli.js', 'test'], endToEndReport, virtualDisplay())
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = ended.report?.stats ?? {}
  const failed = ended.status === 0 ? unexpected : Math.max(1, unexpected)
  return { passed: expected + flaky, failed, skipped, skips: endToEndSkips(ended.report?.suites ?? []) }
}

/** Runs a tool of node_modules, its output passed on; `report` is what it wrote to `reportPath` this time, or null. */
function runTool([tool, ...args], reportPath, wrapper = []) {
  rmSync(reportPath, { force: true })
  const [program, ...rest] = [...wrapper, process.execPath, join(root, 'node_modules', tool), ...args]
  const { status, signal } = spawnSync(program, rest, { cwd: root, stdio: 'inherit' })
  const report = readJson(reportPath)
  if (report === null) process.stderr.write(`${tool} left no report (${signal ?? `exit code ${status}`}).\n`)
  return { status, report }
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}

/** A Linux machine without a display may have a virtual one. */
function virtualDisplay() {
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'xvfb-run')))
  return !hasDisplay() && found ? ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1600x1200x24'] : []
}

// `npm test`: everything that can run on this machine, and a last line that counts it; what can't run is skipped with its reason.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build-if-stale.mjs'
import { hasDisplay } from './electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const unitReport = join(root, 'test-results', 'unit.json')
const unitSkips = join(root, 'test-results', 'unit-skips.json') // as skip-reasons.mjs names it
const endToEndReport = join(root, 'test-results', 'e2e.json') // as playwright.config.ts names it

buildIfStale()
const suites = [runUnitTests(), runEndToEndTests()]
const total = (what) => suites.reduce((sum, suite) => sum + suite[what], 0)
for (const reason of new Set(suites.flatMap((suite) => suite.reasons))) process.stdout.write(`Skipped: ${reason}\n`)
process.stdout.write(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`)
process.exitCode = suites.some((suite) => suite.failed > 0) ? 1 : 0

/** Unit and contract tests. */
function runUnitTests() {
  const reporters = ['default', 'json', join(root, 'scripts/skip-reasons.mjs')].map((name) => `--reporter=${name}`)
  const args = ['run', ...reporters, `--outputFile.json=${unitReport}`]
  rmSync(unitSkips, { force: true })
  const ended = runTool(['vitest/vitest.mjs', ...args], unitReport)
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, success } = ended.report ?? {}
  // A file that can't be loaded has no test to count.
  const failed = ended.report && success ? numFailedTests : Math.max(1, numFailedTests)
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, reasons: readJson(unitSkips) ?? [] }
}

/** The window and the browser, each skipped by its tests where its parts lack. */
function runEndToEndTests() {
  const ended = runTool(['@playwright/test/cli.js', 'test'], endToEndReport, virtualDisplay())
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = ended.report?.stats ?? {}
  const failed = ended.status === 0 ? unexpected : Math.max(1, unexpected)
  return { passed: expected + flaky, failed, skipped, reasons: skipReasons(ended.report?.suites ?? []) }
}

/** Runs a tool of node_modules, its output passed on; `report` is what it wrote to `reportPath` this time, or null. */
function runTool([tool, ...args], reportPath, wrapper = []) {
  rmSync(reportPath, { force: true })
  const [program, ...rest] = [...wrapper, process.execPath, join(root, 'node_modules', tool), ...args]
  const { status } = spawnSync(program, rest, { cwd: root, stdio: 'inherit' })
  return { status, report: readJson(reportPath) }
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}

/** A Linux machine without a display may have a virtual one. */
function virtualDisplay() {
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'xvfb-run')))
  return !hasDisplay() && found ? ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1600x1200x24'] : []
}

function skipReasons(suites) {
  return suites.flatMap((suite) => [
    ...skipReasons(suite.suites ?? []),
    ...(suite.specs ?? [])
      .flatMap((spec) => spec.tests)
      .filter((test) => test.status === 'skipped')
      .flatMap((test) =>
        test.annotations.map(({ description }) => `${test.projectName}: ${description ?? 'no reason given'}`)
      )
  ])
}

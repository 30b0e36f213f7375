// `npm run test:interop`: exported files opened by the real other tools, and the scripts run that are exported. What is not installed is
// skipped with its reason; Python (BOTTLENECK_LAB_PYTHON, or python3) needs tests/interop/requirements.txt, and torch matplotlib nbclient
// ipykernel for nothing to be skipped. What needs no more than those requirements runs in `npm test` too.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unitSkips } from './skip-reasons.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = join(root, 'test-results', 'interop.json')

for (const path of [report, unitSkips]) rmSync(path, { force: true })
const reporters = ['default', 'json', join(root, 'scripts/skip-reasons.mjs')].map((name) => `--reporter=${name}`)
const args = ['run', '--config', 'tests/interop/vitest.config.ts', ...reporters, `--outputFile.json=${report}`]
spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: root, stdio: 'inherit' })

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null)
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, success } = read(report) ?? {}
const failed = success ? numFailedTests : Math.max(1, numFailedTests) // a file that can't be loaded has no test to count
const reasons = new Set((read(unitSkips) ?? []).map(({ reason }) => reason ?? 'without a reason'))
for (const reason of reasons) process.stdout.write(`Skipped: ${reason}\n`)
process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`)
process.exitCode = failed > 0 ? 1 : 0

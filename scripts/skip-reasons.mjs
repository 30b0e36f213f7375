// A reporter for Vitest: writes why tests were skipped into test-results/unit-skips.json, for scripts/test.mjs to print.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test-results', import.meta.url))

export default class SkipReasons {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests('skipped')])
    const reasons = tests.map((test) => `unit: ${test.result().note ?? `no reason given (${test.fullName})`}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/unit-skips.json`, JSON.stringify(reasons))
  }
}

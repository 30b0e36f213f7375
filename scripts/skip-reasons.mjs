// Why tests were skipped, for scripts/test.mjs: a reporter for Vitest that writes it down, and what Playwright's report says of it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the reporter leaves its list, [{ test, reason }]; the reason is null where a test gives none. */
export const unitSkips = fileURLToPath(new URL('../test-results/unit-skips.json', import.meta.url))

export default class SkipReasons {
  constructor(path = unitSkips) {
    this.path = path
  }

  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests('skipped')])
    const skips = tests.map((test) => ({ test: test.fullName, reason: test.result().note || null }))
    mkdirSync(dirname(this.path), { recursive: true })
    writeFileSync(this.path, JSON.stringify(skips))
  }
}

/** The same list, of the suites in Playwright's report. */
export function endToEndSkips(suites) {
  return suites.flatMap((suite) => [
    ...endToEndSkips(suite.suites ?? []),
    ...(suite.specs ?? []).flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'skipped')
        .map(({ projectName, annotations }) => {
          const reason = annotations.find(({ description }) => description)?.description
          return { test: `${projectName}: ${title}`, reason: reason ? `${projectName}: ${reason}` : null }
        })
    )
  ])
}

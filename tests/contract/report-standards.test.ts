// Reports keep to their standards, as veraPDF judges them. `.ci/verapdf.sh` fetches it; BOTTLENECK_LAB_VERAPDF names its jar.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawReport, type ReportInput } from '../../src/main/report/report'
import { fixtureReport, fixtureReported } from '../fixtures/report'
import { fixtureRun } from '../fixtures/run-file'
import { fixtureClaims } from '../fixtures/claims'
import { varying } from '../fixtures/varying'

const jar = process.env.BOTTLENECK_LAB_VERAPDF ?? ''
const missing = !existsSync(jar)
  ? 'veraPDF is not here: BOTTLENECK_LAB_VERAPDF=$(.ci/verapdf.sh) npm test'
  : spawnSync('java', ['-version']).error
    ? 'Java is not installed'
    : ''

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-standards-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const compared = fixtureRun({ latentDims: [2, 8, 16] })
const claimed = fixtureReported(compared, { claims: fixtureClaims(compared) })
const cases: [string, ReportInput][] = [
  ['one run', fixtureReport(fixtureRun())],
  ['a comparison', fixtureReport([compared, fixtureRun({ experiment: varying('activation', ['relu', 'tanh']) })])],
  ['letter paper', fixtureReport(compared, { paper: 'letter', author: 'Å. Student', note: 'A note' })],
  ['a stopped run', fixtureReport(fixtureRun({ status: 'stopped', epochsDone: 2 }))],
  ['seeds and tested claims', { ...fixtureReport(compared), runs: [claimed] }],
  ['a name of signs that no font has', fixtureReport(fixtureRun({ latentDims: [2], name: '実験 🧪 تجربة' }))]
]

describe.each([
  ['ua-1', 'ua1'],
  ['a-3a', '3a']
] as const)('PDF/%s', (pdf, flavour) => {
  it.for(cases)('%s', async ([name, input], { skip }) => {
    skip(missing !== '', missing)
    const path = join(folder, `${flavour} ${name}.pdf`)
    writeFileSync(path, await drawReport({ ...input, options: { ...input.options, pdf } }))
    const options = ['--flavour', flavour, '--format', 'text', '--success', '-v']
    const judged = spawnSync('java', ['-cp', jar, 'org.verapdf.apps.GreenfieldCliWrapper', ...options, path])
    expect(String(judged.stdout)).toMatch(/^PASS /)
  })
})

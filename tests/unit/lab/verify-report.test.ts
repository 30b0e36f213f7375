// What is said of the runs that are attached to a report: by which names they are found, and which of them can be read.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { compareBounds } from '../../../src/main/lab/compare-bounds'
import { runFileText } from '../../../src/main/lab/run-folder'
import { createReportVerifier } from '../../../src/main/lab/verify-report'
import { drawReport } from '../../../src/main/report/report'
import { LabError } from '../../../src/shared/errors'
import { hostileReport } from '../../fixtures/changed-report'
import { fixtureReport, fixtureReported } from '../../fixtures/report'
import { fixtureRun } from '../../fixtures/run-file'

const folder = mkdtempSync(join(tmpdir(), 'verify-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = fixtureRun({ latentDims: [2], epochs: 1 })

function verified(report: Uint8Array) {
  const path = join(folder, 'report.pdf')
  writeFileSync(path, report)
  const infoOf = () => Promise.reject(new LabError('not-found', 'There is no such data set'))
  return createReportVerifier({ infoOf, computeBounds: () => Promise.resolve(null) })(path)
}

it('a run of a newer version can’t be judged, which is no contradiction', async () => {
  const attached = { ...fixtureReported(run).attached, runJson: JSON.stringify({ format: 999 }) }
  const report = await drawReport({ ...fixtureReport(run), runs: [fixtureReported(run, { attached })] })
  const { verdict, recomputed } = await verified(report)
  expect(verdict).toBe('unchanged')
  expect(recomputed).toMatchObject([{ part: 'run.json', state: 'unknown' }])
  expect(recomputed[0]?.detail).toMatch(/made by a newer version.*Update Bottleneck Lab/)
})

it('a run is found by whatever number its name has', async () => {
  const { runs } = await verified(hostileReport('run-7.json', deflateSync(runFileText(run))))
  expect(runs.map(({ file }) => file.id)).toEqual([run.id])
})

it('the runs of a comparison come in order, each with its own losses', async () => {
  const names = Array.from({ length: 3 }, (_, index) => `Run ${index + 1}`)
  const files = names.map((name) => fixtureRun({ latentDims: [2], epochs: 1, name }))
  const { runs, recomputed } = await verified(await drawReport(fixtureReport(files)))
  expect(runs.map(({ file }) => file.experiment.name)).toEqual(names)
  expect(recomputed.filter(({ state }) => state === 'agrees').map(({ part }) => part)).toEqual(
    names.flatMap((_, index) => [`run-${index + 1}.json`, `losses-${index + 1}.csv`])
  )
})

it('PCA that leaves nothing but rounding agrees', () => {
  const withPca = (pcaMse: number[]) => ({ ...run.bounds, pcaMse })
  const state = (value: number, now: number) =>
    compareBounds({ ...run, bounds: withPca([value]) }, withPca([now])).find(({ part }) => part === 'PCA')?.state
  expect(state(3e-17, 8e-16)).toBe('agrees')
  expect(state(0.01, 0.01 * (1 + 1e-12))).toBe('agrees')
  expect(state(0.01, 0.0101)).toBe('differs')
  expect(state(1e-10, 2e-10)).toBe('differs')
})

// Runs on a data set of the user: trained over a real trainer process, and what becomes of them when the data is gone or another.
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Experiment } from '@shared/experiment'
import type { Lab } from '../../src/main/lab/lab'
import { drawReport, type ReportedRun, type ReportInput } from '../../src/main/report/report'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, nextEvent, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const data = (name: string) => resolve(__dirname, '../fixtures/data', name)
const changes = { transpose: false, invert: false }
let entry: string
let home: TestHome
let lab: Lab
/** What reports were drawn of. */
let reported: ReportInput[]

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  reported = []
  lab = openLab(home, entry, {
    drawReport(input) {
      reported.push(input)
      return drawReport(input)
    }
  })
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

const add = (file: string) => lab.calls.addDataset({ path: data(file), name: 'small', changes })

const ofSmall = (epochs: number): Experiment => {
  const experiment = smallExperiment({ dataset: 'small' })
  return { ...experiment, base: { ...experiment.base, epochs } }
}

/** A run that was stopped after its first epoch. */
async function stopped(): Promise<string> {
  const ended = nextEvent(lab, 'epochEnded')
  const id = await lab.calls.startRun(ofSmall(1000), 'cpu')
  await ended
  await lab.calls.stopRun(id)
  await lab.whenEnded(id)
  return id
}

/** Draws a report for good and answers with what it shows of images: probes, and why there are none. */
async function reportOf(id: string) {
  const bytes = await lab.calls.exportReport([id])
  expect(Buffer.from(bytes).subarray(0, 5).toString()).toBe('%PDF-')
  const { file, probes, missing } = reported[reported.length - 1]?.runs[0] as ReportedRun
  return { data: file.dataset.title, pixels: probes.pixels.length, missing }
}

test('a run on added data has its images, its name and its digests, and its data is kept while it could go on', async () => {
  const added = await add('digits.npz')
  expect(added).toMatchObject({ kind: 'NPZ', rows: 8, columns: 8 })
  const id = await stopped()
  const { file, dataProblem } = await lab.calls.openRun(id)
  expect([file.dataset.name, file.dataset.sha256, dataProblem]).toEqual(['small', added.sha256, null])
  expect((await lab.calls.listRuns())[0]).toMatchObject({ id, dataset: 'small', state: 'stopped' })
  expect((await lab.calls.readProbes('small')).pixels).toHaveLength(20 * 64)
  expect(await lab.calls.readTestImages('small')).toMatchObject({ rows: 8, columns: 8 })
  expect((await lab.calls.readDigits(id, 0, 1)).pixels).toHaveLength(2 * 2 * 20 * 64)
  expect(await reportOf(id)).toEqual({ data: 'digits.npz', pixels: 20 * 64, missing: '' })
  await expect(lab.calls.removeDataset('small')).rejects.toMatchObject({
    data: { kind: 'busy', problem: '1 run that could go on needs the data set small' }
  })
  await lab.calls.deleteRun(id)
  await lab.calls.removeDataset('small')
  expect((await lab.calls.listDatasets()).datasets.map(({ name }) => name)).toEqual(['mnist'])
})

test('a run whose data is gone or another is listed, opened and reported; it goes on when the data is back', async () => {
  await add('digits.npz')
  const id = await stopped()

  const remove = () => rm(join(home.paths.datasets, 'small'), { recursive: true }) // by another hand than the application's
  const expectRefused = async (kind: string, problem: string) => {
    expect((await lab.calls.listRuns()).map((run) => run.id)).toEqual([id])
    const { file, dataProblem } = await lab.calls.openRun(id)
    expect([file.status, dataProblem?.kind, dataProblem?.problem]).toEqual(['stopped', kind, problem])
    const refused = expect.objectContaining({ data: expect.objectContaining({ kind, problem }) as unknown }) as unknown
    await expect(lab.calls.continueRun(id)).rejects.toEqual(refused)
    await expect(lab.calls.readDigits(id, 0, 0)).rejects.toEqual(refused)
    await expect(lab.calls.analyse(id, { kind: 'codes', epoch: null })).rejects.toEqual(refused)
    expect((await lab.calls.readDigits(id, 1, 1)).pixels).toHaveLength(2 * 20 * 64)
    expect((await lab.calls.readWeights(id, 1)).models).toHaveLength(2)
    const missing = `No images: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}.`
    expect(await reportOf(id)).toEqual({ data: 'digits.npz', pixels: 0, missing })
  }
  await remove()
  await expectRefused('not-found', 'The data set small of the run is not here any more')
  await expect(lab.calls.readProbes('small')).rejects.toThrow('There is no data set small')

  const other = await add('digits.csv')
  await expectRefused('bad-file', 'The data set small is not the one that the run was trained on')
  const second = await lab.calls.startRun(ofSmall(1), 'cpu')
  expect(await lab.whenEnded(second)).toMatchObject({ status: 'finished', dataset: { sha256: other.sha256 } })
  expect((await lab.calls.readDigits(second, 0, 1)).epochs).toBe(2)
  await lab.calls.deleteRun(second)

  await remove()
  await add('digits.npz')
  expect((await lab.calls.openRun(id)).dataProblem).toBeNull()
  const next = nextEvent(lab, 'epochEnded', (ended) => ended.id === id)
  await lab.calls.continueRun(id)
  expect((await next).epoch).toBeGreaterThan(1)
})

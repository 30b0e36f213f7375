// Runs that have ended without their quality, with real trainers: measured while nothing trains, and never in the way of what does.
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, readFile, rm, truncate } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { RunFile } from '@shared/run'
import type { Lab } from '../../src/main/lab/lab'
import { mnistFolder } from '../../src/main/data/mnist'
import { withName } from '../../src/main/lab/run-file'
import { readRunFile, runFolderFiles, writeRunFile } from '../../src/main/lab/run-folder'
import type { ReportInput } from '../../src/main/report/report'
import { previousCheckpoint } from '../../src/main/trainer/checkpoint'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { holdingQuality } from '../fixtures/held-quality'
import {
  keptLog,
  makeHome,
  nextEvent,
  nextState,
  offering,
  openLab,
  smallExperiment,
  type TestHome
} from '../fixtures/lab'

let entry: string
let application: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
  application = await buildEntry('measuring-application')
})
afterAll(() => Promise.all([entry, application].map(removeEntry)))
beforeEach(async () => {
  home = await makeHome()
  lab = openLab(home, offering(entry, 'slow'))
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

/** Another lab on the same runs, with a view, that measures what is missing; what it is asked for first it begins when it is let. */
async function openMeasuring(options: Parameters<typeof openLab>[2] = {}) {
  await lab.close()
  const trainer = holdingQuality(offering(entry, 'slow'))
  lab = openLab(home, trainer.spawn, { lookMilliseconds: 50, ...options })
  await lab.calls.listRuns() // which makes its folders known
  lab.subscribe(() => undefined)
  lab.workUnasked()
  return trainer
}

const whenMeasured = (id: string) => nextEvent(lab, 'runChanged', (run) => run.id === id && run.measured)
const file = (id: string, name: keyof ReturnType<typeof runFolderFiles>) => runFolderFiles(lab.folderOf(id))[name]

/** Trains a run, up to its end or until it is stopped after an epoch, and takes its quality away; answers with what it was. */
async function unmeasured(epochs: number, stops = false): Promise<RunFile> {
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs } }), 'slow')
  if (stops) {
    await nextEvent(lab, 'epochEnded')
    await lab.calls.stopRun(id)
  }
  const file = await lab.whenEnded(id)
  const models = file.models.map((model) => ({
    ...model,
    metrics: model.metrics && { ...model.metrics, psnr: null, ssim: null }
  }))
  await writeRunFile(lab.folderOf(id), { ...file, models })
  return file
}

const stored = (id: string) => readRunFile(lab.folderOf(id))
const resultsOf = ({ models }: RunFile) => models.map(({ history, metrics }) => ({ history, metrics }))

test('a finished run and a stopped one are measured, one after another, and are otherwise what they were', async () => {
  const before = [await unmeasured(2), await unmeasured(500, true)]
  expect(before.map(({ status }) => status)).toEqual(['finished', 'stopped'])
  for (const { id } of before) await rm(file(id, 'report'))
  const trainer = await openMeasuring()
  const measured = before.map(({ id }) => whenMeasured(id))
  trainer.release()
  await Promise.all(measured)
  for (const run of before) {
    const bounds = { ...run.bounds, pcaMse: expect.any(Array) as number[] } // a stop may have come before PCA
    expect(await stored(run.id)).toEqual({ ...run, bounds })
    await vi.waitFor(() => expect(existsSync(file(run.id, 'report'))).toBe(true), 10_000)
  }
}, 60_000)

test('what a user starts goes first; what was cut off is unharmed, and taken up later', async () => {
  const before = await unmeasured(2)
  const written = await readFile(file(before.id, 'run'))
  const trainer = await openMeasuring()
  await trainer.asked
  expect(lab.hasActiveRun()).toBe(false) // nobody has to be asked before the application ends
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs: 2 } }), 'slow')
  expect(await lab.whenEnded(id)).toMatchObject({ status: 'finished', error: null })
  expect(await readFile(file(before.id, 'run'))).toEqual(written)
  const measured = whenMeasured(before.id)
  trainer.release()
  await measured
  expect(resultsOf(await stored(before.id))).toEqual(resultsOf(before))
}, 60_000)

test('the run that is being measured can be continued, here or elsewhere: nobody owns it', async () => {
  const before = await unmeasured(500, true)
  const trainer = await openMeasuring()
  await trainer.asked
  expect(existsSync(file(before.id, 'owner'))).toBe(false)
  await lab.calls.continueRun(before.id)
  await nextEvent(lab, 'epochEnded')
  await lab.calls.stopRun(before.id)
  expect(await lab.whenEnded(before.id)).toMatchObject({ status: 'stopped', error: null })
}, 60_000)

test('the application closes at once on a run that is being measured, and the next one measures it', async () => {
  const before = await unmeasured(2)
  const first = await openMeasuring()
  await first.asked
  const second = await openMeasuring()
  const measured = whenMeasured(before.id)
  second.release()
  await measured
  expect(resultsOf(await stored(before.id))).toEqual(resultsOf(before))
}, 60_000)

test.each([
  ['finished', 2, false],
  ['stopped', 500, true]
] as const)(
  'a %s run stays that where the application is killed while it measures',
  async (status, epochs, stops) => {
    const { id } = await unmeasured(epochs, stops)
    const [folder, run] = [lab.folderOf(id), file(id, 'run')]
    const written = await readFile(run)
    await lab.close()
    const child = fork(application, [home.folder, entry, mnistFolder()])
    const exit = new Promise((resolve) => child.once('exit', resolve))
    await new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', reject)
    })
    child.kill('SIGKILL')
    await exit
    expect(await readFile(run)).toEqual(written)
    lab = openLab(home, offering(entry, 'slow'))
    expect(await lab.calls.listRuns()).toMatchObject([{ id, state: status }])
    expect(existsSync(runFolderFiles(folder).owner)).toBe(false)
  },
  60_000
)

test('a finished run that is continued only to be measured stays on the disk what it was until it is', async () => {
  const before = await unmeasured(2)
  const written = await readFile(file(before.id, 'run'))
  const finishing = nextState(lab, before.id, 'finishing').then(() => readFile(file(before.id, 'run')))
  await lab.calls.continueRun(before.id)
  expect(await finishing).toEqual(written)
  await lab.whenEnded(before.id)
  expect(await stored(before.id)).toEqual(before)
}, 60_000)

test('a damaged checkpoint is left as it is, the one before too, and so is the run', async () => {
  const { id } = await unmeasured(500, true)
  const [run, checkpoint] = [file(id, 'run'), file(id, 'checkpoint')]
  const written = await readFile(run)
  await copyFile(checkpoint, previousCheckpoint(checkpoint))
  await truncate(checkpoint, 100)
  const log = keptLog()
  const trainer = await openMeasuring({ log })
  trainer.release()
  await vi.waitFor(() => expect(log.lines.join()).toContain('could not be measured'), 30_000)
  expect(await readFile(run)).toEqual(written)
  expect((await readFile(checkpoint)).length).toBe(100)
  expect(existsSync(previousCheckpoint(checkpoint))).toBe(true)
}, 60_000)

test('what has changed meanwhile is kept: a new name beside the quality', async () => {
  const before = await unmeasured(2)
  const trainer = await openMeasuring()
  await trainer.asked
  await writeRunFile(lab.folderOf(before.id), withName(await stored(before.id), 'Another'))
  const measured = whenMeasured(before.id)
  trainer.release()
  await measured
  expect(await stored(before.id)).toEqual(withName(before, 'Another'))
}, 60_000)

test('a run whose device is gone is measured on the one that is there', async () => {
  const before = await unmeasured(2)
  await writeRunFile(lab.folderOf(before.id), { ...(await stored(before.id)), device: 'onnxruntime cpu' })
  const trainer = await openMeasuring()
  const measured = whenMeasured(before.id)
  trainer.release()
  await measured
  expect(resultsOf(await stored(before.id))).toEqual(resultsOf(before))
}, 60_000)

test('a report that is exported while a run is being measured has what PCA reaches', async () => {
  const before = await unmeasured(500, true)
  const shown: ReportInput[] = []
  const report = async (input: ReportInput) => {
    shown.push(input)
    return new Uint8Array()
  }
  const trainer = await openMeasuring({ drawReport: report })
  await trainer.asked
  await lab.calls.exportReport([before.id])
  expect(shown).toMatchObject([
    { runs: [{ state: 'stopped', file: { bounds: { pcaMse: expect.any(Array) as number[] } } }] }
  ])
}, 60_000)

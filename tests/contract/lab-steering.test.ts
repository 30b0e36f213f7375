// Pause, resume, stop and the queue, rename, delete and restore, settings and estimates: what a window does to runs.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { epochsOf, presets, type Experiment } from '@shared/experiment'
import type { RunSummary } from '@shared/run'
import { defaultSettings } from '@shared/settings'
import { forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import type { ReportInput } from '../../src/main/report/report'
import type { TrainerCommand } from '../../src/main/trainer/messages'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { keptLog, makeHome, nextEvent, nextState, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

let entry: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  lab = openLab(home, entry)
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

const start = (device = 'cpu', base: Experiment['base'] = {}) => lab.calls.startRun(smallExperiment({ base }), device)
const stateOf = async (id: string) => (await lab.calls.openRun(id)).state

test('a paused run does no step, its pause is no training time, and it ends as if it had not paused', async () => {
  const began = performance.now()
  const id = await start('slow', { epochs: 6 })
  await nextEvent(lab, 'epochEnded')
  const paused = nextState(lab, id, 'paused')
  await lab.calls.pauseRun(id)
  await paused
  await sleep(100) // the call under way ends
  const before = (await lab.calls.openRun(id)).progress
  await sleep(1000)
  expect((await lab.calls.openRun(id)).progress).toEqual(before)
  expect(await stateOf(id)).toBe('paused')
  await lab.calls.resumeRun(id)
  const file = await lab.whenEnded(id)
  expect(file.status).toBe('finished')
  expect(file.seconds).toBeLessThan((performance.now() - began) / 1000 - 1) // the pause took more than a second
})

test('runs that start at once get folders of their own', async () => {
  const ids = await Promise.all([start(), start(), start()])
  expect(new Set(ids).size).toBe(3)
  const ended = await Promise.all(ids.map((id) => lab.whenEnded(id)))
  expect(ended.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished'])
})

test('no work is taken once the lab closes', async () => {
  await lab.calls.describe()
  const closing = lab.close()
  await expect(start()).rejects.toMatchObject({ kind: 'busy' })
  await closing
  expect(await lab.calls.listRuns()).toEqual([])
  await expect(lab.calls.estimate(smallExperiment(), 'cpu')).rejects.toMatchObject({ kind: 'busy' })
})

test('a start that is under way when the lab closes leaves nothing behind', async () => {
  const starting = start('slow', { epochs: 50 })
  await lab.close()
  await starting.then(
    async (id) => expect((await lab.whenEnded(id)).status).toBe('stopped'),
    async () => expect(await lab.calls.listRuns()).toEqual([])
  )
})

test('a paused run can be stopped', async () => {
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'epochEnded')
  await lab.calls.pauseRun(id)
  await nextState(lab, id, 'paused')
  await lab.calls.stopRun(id)
  expect((await lab.whenEnded(id)).status).toBe('stopped')
})

test('a stopped run has the quality of its last complete epoch', async () => {
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'epochEnded')
  await nextEvent(lab, 'stepProgress')
  await lab.calls.stopRun(id)
  const { models } = await lab.whenEnded(id)
  for (const { history, metrics } of models) {
    const last = history.valLoss.length - 1
    expect(metrics?.bce).toBeCloseTo(history.valLoss[last] ?? NaN, 9)
    expect(metrics?.psnr).toBeCloseTo(-10 * Math.log10(history.valMse[last] ?? NaN), 4)
  }
})

test('runs train one after another, a waiting one can be taken out', async () => {
  const ids = [await start('slow'), await start('slow'), await start(), await start()]
  const [first = '', second = '', third = '', fourth = ''] = ids
  const ended: string[] = []
  for (const id of ids) void lab.whenEnded(id).then(() => ended.push(id))
  expect(await Promise.all(ids.map(stateOf))).toEqual([
    expect.stringMatching(/preparing|running/),
    'queued',
    'queued',
    'queued'
  ])
  await lab.calls.stopRun(third)
  expect(await lab.whenEnded(third)).toMatchObject({ status: 'stopped', error: null })
  await lab.whenEnded(fourth)
  expect(ended).toEqual([third, first, second, fourth])
  expect(new Set(ids).size).toBe(4)
  expect(ids.every((id) => /^\d{4}-\d\d-\d\d-\d{6}-custom(-\d+)?$/.test(id))).toBe(true)
  expect(lab.hasActiveRun()).toBe(false)
})

test('closing stops the run that trains and those that wait', async () => {
  const training = await start('slow', { epochs: 50 })
  const waiting = await start()
  await nextEvent(lab, 'epochEnded')
  const folders = [training, waiting].map((id) => lab.folderOf(id))
  await lab.close()
  for (const folder of folders) {
    expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))).toMatchObject({
      status: 'stopped',
      error: null
    })
    expect(await readdir(folder)).not.toContain('owner.json')
  }
})

test('a run is renamed while it trains and afterwards', async () => {
  const id = await start('slow')
  await nextState(lab, id, 'running')
  await lab.calls.renameRun(id, 'While it trains')
  const names = new Set<string>()
  lab.subscribe((event, payload) => {
    if (event === 'runChanged') names.add((payload as RunSummary).name)
  })
  expect((await lab.whenEnded(id)).experiment.name).toBe('While it trains')
  expect([...names]).toEqual(['While it trains'])
  await lab.calls.renameRun(id, 'Afterwards')
  expect((await lab.calls.listRuns()).map((run) => run.name)).toEqual(['Afterwards'])
})

test('a deleted run can be brought back until the lab closes, one that trains can’t be deleted', async () => {
  const id = await start('slow')
  await expect(lab.calls.deleteRun(id)).rejects.toMatchObject({ kind: 'busy' })
  const file = await lab.whenEnded(id)
  await lab.calls.deleteRun(id)
  expect(await lab.calls.listRuns()).toEqual([])
  await expect(lab.calls.openRun(id)).rejects.toMatchObject({ kind: 'not-found' })
  await lab.calls.restoreRun(id)
  expect((await lab.calls.openRun(id)).file).toEqual(file)
  await lab.calls.deleteRun(id)
  await lab.close()
  expect(await readdir(home.paths.runs)).toEqual([])
})

test('ids that are no run, or lead out of the runs folder, are not found', async () => {
  for (const id of ['nothing', '../settings', '.trash', '', 'x'.repeat(65)]) {
    for (const call of ['openRun', 'deleteRun', 'continueRun'] as const) {
      await expect(lab.calls[call](id)).rejects.toMatchObject({ kind: 'not-found' })
    }
    await expect(lab.calls.exportReport([id])).rejects.toMatchObject({ kind: 'not-found' })
  }
})

test('another runs folder is used from the next run on, and the list follows', async () => {
  const id = await start()
  await lab.whenEnded(id)
  const gone = nextEvent(lab, 'runRemoved')
  await sleep(50) // the watch has had its first look
  const runsFolder = join(home.folder, 'elsewhere')
  const settings = { ...defaultSettings, theme: 'dark' as const, runsFolder }
  await lab.calls.writeSettings(settings)
  expect(await gone).toBe(id)
  expect(await lab.calls.listRuns()).toEqual([])
  const next = await start()
  await lab.whenEnded(next)
  expect(await readdir(runsFolder)).toEqual([next])
  const again = openLab(home, entry)
  expect(await again.calls.readSettings()).toEqual(settings)
  await again.close()
})

test('a run takes the threads that its lab allows when its turn comes', async () => {
  const asked: (number | undefined)[] = []
  const spawn = forkTrainer(entry)
  const own = openLab(home, () => {
    const trainer = spawn()
    const note = (command: TrainerCommand) => command.type === 'train' && asked.push(command.job.threads)
    return { ...trainer, send: (command) => (note(command), trainer.send(command)) }
  })
  const [first, second] = [
    await own.calls.startRun(smallExperiment(), 'slow'),
    await own.calls.startRun(smallExperiment(), 'cpu')
  ]
  await nextState(own, first, 'running')
  own.limitThreads(3)
  await own.whenEnded(second)
  await own.close()
  expect(asked).toEqual([undefined, 3])
})

test('a run that trains while the runs folder is changed ends as any other', async () => {
  const id = await start('slow')
  await nextState(lab, id, 'running')
  await lab.calls.writeSettings({ ...defaultSettings, runsFolder: join(home.folder, 'elsewhere') })
  expect((await lab.whenEnded(id)).status).toBe('finished')
  const { file, state } = await lab.calls.openRun(id)
  expect(state).toBe('finished')
  expect((await lab.calls.readDigits(id, 1, 4)).epochs).toBe(4)
  expect(await readdir(join(home.paths.runs, id))).toContain('report.pdf')
  expect(await lab.whenEnded(id)).toEqual(file)
})

test('what PCA reaches is computed for the report of a stopped run, unless another trains', async () => {
  await lab.close()
  const drawn: unknown[] = []
  const report = async ({ runs }: ReportInput) =>
    new Uint8Array(drawn.push(...runs.map(({ file }) => file.bounds.pcaMse)))
  lab = openLab(home, entry, { drawReport: report })
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'epochEnded')
  await lab.calls.stopRun(id)
  expect((await lab.whenEnded(id)).bounds.pcaMse).toBe(null)
  const path = join(home.paths.runs, id, 'run.json')
  const before = await readFile(path)
  const other = await start('slow', { epochs: 50 })
  await nextState(lab, other, 'running')
  await lab.calls.exportReport([id])
  expect(drawn.pop()).toBe(null)
  await lab.calls.stopRun(other)
  await lab.whenEnded(other)
  await lab.calls.exportReport([id])
  expect(drawn.pop()).toEqual([1, 1 / 3])
  expect(await readFile(path)).toEqual(before)
})

test('the digits of at most 100 epochs are read at once', async () => {
  const id = await start()
  await lab.whenEnded(id)
  expect((await lab.calls.readDigits(id, 1, 100)).epochs).toBe(4)
  await expect(lab.calls.readDigits(id, 1, 101)).rejects.toMatchObject({ kind: 'bad-value' })
})

test('a run folder elsewhere is known once it is adopted', async () => {
  const folder = join(home.folder, 'my run')
  const id = await lab.startRunAt(folder, smallExperiment(), 'cpu')
  await lab.whenEnded(id)
  expect(lab.folderOf(id)).toBe(folder)
  const again = openLab(home, entry)
  expect(await again.calls.listRuns()).toEqual([])
  expect(await again.adopt(folder)).toBe(id)
  expect((await again.calls.openRun(id)).state).toBe('finished')
  await expect(again.adopt(home.folder)).rejects.toBeInstanceOf(LabError)
  await again.close()
})

test('an estimate is measured, and scaled while a run trains', async () => {
  const experiment = smallExperiment()
  const estimate = await lab.calls.estimate(experiment, 'slow')
  expect(estimate.steps).toBe(24)
  expect(estimate.millisecondsPerStep).toBeGreaterThan(5)
  expect(estimate.seconds).toBeGreaterThan((estimate.steps * estimate.millisecondsPerStep) / 1000)
  expect(estimate.memoryBytes).toBeGreaterThan(50e6)
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'stepProgress')
  const twice = await lab.calls.estimate(smallExperiment({ base: { batchSize: 32 } }), 'slow')
  expect(twice.millisecondsPerStep).toBeGreaterThan(estimate.millisecondsPerStep)
  await nextEvent(lab, 'epochEnded')
  await lab.calls.stopRun(id)

  const file = await lab.whenEnded(id)
  const bytes = await Promise.all(
    ['digits.bin', 'checkpoint.safetensors'].map(async (name) => (await readFile(join(lab.folderOf(id), name))).length)
  )
  const epochs = file.models[0]?.history.valLoss.length ?? 0
  const [digits = 0, checkpoint = 0] = bytes
  const weights = (await readFile(join(lab.folderOf(id), 'weights', '0001.safetensors'))).length
  const expected = (digits / epochs + weights) * epochsOf(experiment) + checkpoint
  expect(estimate.diskBytes / expected).toBeCloseTo(1, 1)
})

test('what an estimate measures of the article’s models is remembered of the device', async () => {
  const speed = async () =>
    (await lab.calls.describe()).devices.find(({ name }) => name === 'slow')?.millisecondsPerStep
  await lab.calls.estimate(smallExperiment(), 'slow')
  expect(await speed()).toBeNull()
  const longArticle = { ...presets.article, base: { ...presets.article.base, epochs: 3 } }
  const { millisecondsPerStep } = await lab.calls.estimate(longArticle, 'slow')
  expect(await speed()).toBe(millisecondsPerStep)
})

test('diagnostics tell versions, devices, folders, runs and the end of the log', async () => {
  const id = await start()
  await lab.whenEnded(id)
  const text = await lab.calls.diagnostics()
  for (const part of ['Bottleneck Lab', 'Test cpu: usable', home.paths.runs, `${id} finished 4/4`, 'no log yet']) {
    expect(text).toContain(part)
  }
})

test('defects reach a view as LabErrors and are logged with their stack', async () => {
  await lab.close()
  const log = keptLog()
  lab = openLab(home, entry, { log, drawReport: () => Promise.reject(new TypeError('a defect')) })
  const id = await start()
  await lab.whenEnded(id)
  await expect(lab.calls.exportReport([id])).rejects.toMatchObject({
    kind: 'internal',
    message: expect.stringContaining('a defect')
  })
  expect(log.lines.join('\n')).toMatch(/The call exportReport failed TypeError: a defect/)
})

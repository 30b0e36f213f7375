// Whatever happens to the trainer, the run ends with its reason and the next one trains.
import { appendFile, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LabError, sentence } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import type { Lab } from '../../src/main/lab/lab'
import { readRunFile } from '../../src/main/lab/run-folder'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
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

/** Of silence, and of computing in silence. */
const PATIENCE = { hangSeconds: 4, busySeconds: 4 }
let entry: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  lab = openLab(home, entry, { patience: PATIENCE })
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

const start = (device: string, base: Experiment['base'] = {}, changes: Partial<Experiment> = {}) =>
  lab.calls.startRun(smallExperiment({ ...changes, base }), device)

/** A machine with one device: where it fails there is none to go on on. */
async function withDevice(device: string): Promise<void> {
  await lab.close()
  lab = openLab(home, offering(entry, device), { patience: PATIENCE })
}

/** So few calls of the engine that none of its faults comes. */
const tooShortToFail = { epochs: 1, batchSize: 45 }

describe('a failing trainer on the only device', () => {
  test.each([
    ['throw', 'internal', /The engine gave up/],
    ['uncaught', 'internal', /nobody caught this/],
    ['exit', 'trainer-crashed', /ended unexpectedly: found exit code 3, last line\. .*continue the run/],
    ['kill', 'trainer-crashed', /found SIGKILL.*because memory ran out/],
    ['silent', 'trainer-hung', /did not answer for 4 seconds/],
    ['block', 'trainer-hung', /computed on without an answer and was ended: found 4 s of processor time/],
    ['heap-exhausted', 'out-of-memory', /ran out of memory: found .*heap limit.*smaller batch size/],
    ['bad-alloc', 'out-of-memory', /ran out of memory: found .*bad_alloc/],
    ['nan', 'diverged', /loss of d = 1 became NaN or infinite.*learning rate 0\.001.*smaller learning rate/]
  ])('%s: the run fails as %s and the next run finishes', async (device, kind, reason) => {
    await withDevice(device)
    const failing = await start(device)
    const waiting = await start(device, tooShortToFail)
    const failed = await lab.whenEnded(failing)

    expect(failed.status).toBe('failed')
    expect(failed.error?.kind).toBe(kind)
    expect(failed.error && sentence(failed.error)).toMatch(reason)
    expect(await readRunFile(lab.folderOf(failing))).toEqual(failed)
    expect(await lab.whenEnded(waiting)).toMatchObject({ status: 'finished', error: null })
  })
})

test.each([
  ['throw', /The engine gave up.*\n\s+at /],
  ['uncaught', /nobody caught this\n\s+at /],
  ['exit', /last line/]
])('%s: the log holds what the trainer wrote', async (device, words) => {
  await lab.close()
  const log = keptLog()
  lab = openLab(home, offering(entry, device), { log })
  await lab.whenEnded(await start(device))
  await lab.close()
  expect(log.lines.join('\n')).toMatch(words)
})

test('a run that failed in its third epoch keeps the first two and goes on from them', async () => {
  await withDevice('throw')
  const id = await start('throw', { batchSize: 90 }) // one call an epoch: the third call is the third epoch
  expect((await lab.whenEnded(id)).models[0]?.history.valLoss).toHaveLength(2)
  await lab.close()
  lab = openLab(home, entry)
  await lab.calls.continueRun(id, 'cpu')
  const ended = await lab.whenEnded(id)
  expect(ended).toMatchObject({ status: 'finished', error: null })
  expect(ended.models[0]?.history.valLoss).toHaveLength(4)
})

test('a trainer that can’t be started fails the run and leaves the lab usable', async () => {
  await lab.close()
  lab = openLab(home, join(home.folder, 'no-such-entry.js'))
  const { devices } = await lab.calls.describe()
  expect(devices).toMatchObject([{ name: 'cpu', usable: false, detail: expect.stringMatching(/ended unexpectedly/) }])
  await expect(start('cpu')).rejects.toMatchObject({ kind: 'device-unavailable' })
  expect(await lab.calls.listRuns()).toEqual([])
})

test('a run whose folder can’t be written any more fails, the last good run.json stays', async () => {
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'epochEnded')
  const folder = lab.folderOf(id)
  // A folder in the place of the file stops every user from writing it, root included.
  await rm(join(folder, 'digits.bin'))
  await mkdir(join(folder, 'digits.bin'))
  const file = await lab.whenEnded(id)
  expect(file).toMatchObject({ status: 'failed', error: { kind: 'not-writable' } })
  expect((await readRunFile(folder)).models[0]?.history.valLoss.length).toBeGreaterThanOrEqual(1)
})

test('a report that fails leaves the run finished and is logged', async () => {
  await lab.close()
  const lines: string[] = []
  const log = { info: () => undefined, warn: () => undefined, error: (line: string) => void lines.push(line) }
  lab = openLab(home, entry, { log, drawReport: () => Promise.reject(new Error('no font')) })
  const id = await start('cpu')
  expect((await lab.whenEnded(id)).status).toBe('finished')
  expect(lines).toEqual([`The report of run ${id} failed`])
  await expect(lab.calls.exportReport([id])).rejects.toBeInstanceOf(LabError)
})

describe('what is refused before a folder is made', () => {
  const refused = async (attempt: Promise<unknown>) => {
    const error: unknown = await attempt.then(
      () => null,
      (thrown: unknown) => thrown
    )
    expect(error).toBeInstanceOf(LabError)
    expect(await lab.calls.listRuns()).toEqual([])
    return error as LabError
  }

  test.each([
    [{ epochs: 0 }, /epochs.*found 0, expected a whole number from 1 to 1,000/],
    [{ epochs: 0.5 }, /epochs.*found 0\.5/],
    [{ batchSize: 1e9 }, /batch size.*found 1000000000/],
    [{ batchSize: 91 }, /batch size.*expected a whole number from 1 to 90, the number of training images/],
    [{ learningRate: NaN }, /learning rate.*found no number/],
    [{ trainLimit: 60_001 }, /training images.*found 60001, expected a whole number from 1 to 60,000/],
    [{ hidden: [0] }, /hidden layers.*found \[0\]/],
    [{ latentDim: 2 }, /latent dimension.*expected no value beside the varied ones/]
  ])('%o', async (base, message) => {
    const error = await refused(start('cpu', base))
    expect(error.kind).toBe('bad-value')
    expect(error.message).toMatch(message)
  })

  test.each<[Partial<Experiment>, RegExp]>([
    [
      { varied: { key: 'latentDim', values: [2, 785] } },
      /latent dimension.*found 785, expected a whole number from 1 to 784/
    ],
    [{ varied: { key: 'latentDim', values: [2, 2] } }, /values.*found \[2,2\]/],
    [{ varied: { key: 'epochs', values: [2] } }, /epochs.*expected no value beside the varied ones/],
    [{ seeds: [] }, /seeds.*found \[\]/]
  ])('%o', async (changes, message) => {
    const error = await refused(start('cpu', {}, changes))
    expect(error.kind).toBe('bad-value')
    expect(error.message).toMatch(message)
  })

  test('an unknown data set', async () => {
    const error = await refused(start('cpu', {}, { dataset: 'fashion' }))
    expect(error.kind).toBe('not-found')
    expect(error.message).toContain('There is no data set fashion: expected one of mnist')
  })

  test('an unknown device', async () => {
    const error = await refused(start('cuda'))
    expect(error.message).toMatch(/no such device: found cuda, expected cpu, slow/)
  })

  test('a damaged data file', async () => {
    await lab.close()
    lab = openLab(home, entry, { dataFolder: home.folder })
    expect((await refused(start('cpu'))).kind).toBe('not-found')
  })

  test('an output folder that holds something, or lies in a file', async () => {
    const taken = join(home.folder, 'taken')
    await mkdir(taken)
    await appendFile(join(taken, 'something'), '')
    await appendFile(join(home.folder, 'file'), '')
    const at = (folder: string) => lab.startRunAt(folder, smallExperiment(), 'cpu')
    expect((await refused(at(taken))).kind).toBe('not-writable')
    expect((await refused(at(join(home.folder, 'file', 'run')))).kind).toBe('not-writable')
  })
})

test('a damaged checkpoint fails the continuation with a sentence, the epochs stay', async () => {
  const id = await start('slow', { epochs: 50 })
  await nextEvent(lab, 'epochEnded')
  await lab.calls.stopRun(id)
  const stopped = await lab.whenEnded(id)
  const path = join(lab.folderOf(id), 'checkpoint.safetensors')
  const bytes = await readFile(path)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  await writeFile(path, bytes)
  await lab.calls.continueRun(id)
  const failed = await lab.whenEnded(id)
  expect(failed).toMatchObject({ status: 'failed', error: { kind: 'bad-file' } })
  expect(failed.models).toEqual(stopped.models)
})

test('a folder in which nothing may be made is refused', async (context) => {
  const start = (folder: string) => lab.startRunAt(folder, smallExperiment(), 'cpu')
  if (process.getuid?.() === 0) {
    // Root may write in every folder but in those of the kernel.
    if (process.platform !== 'linux') return context.skip('root may write everywhere')
    return expect(start('/sys/bottleneck-lab')).rejects.toMatchObject({ kind: 'not-writable' })
  }
  await chmod(home.folder, 0o500)
  await expect(start(join(home.folder, 'run'))).rejects.toMatchObject({ kind: 'not-writable' })
  await chmod(home.folder, 0o700)
})

test('stop while the trainer prepares ends the run without an epoch', async () => {
  const id = await start('slow', { epochs: 50 })
  await lab.calls.stopRun(id)
  await nextState(lab, id, 'stopped')
  expect(await lab.whenEnded(id)).toMatchObject({ status: 'stopped', seconds: 0 })
})

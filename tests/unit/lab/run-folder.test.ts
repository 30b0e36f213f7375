import { execFileSync } from 'node:child_process'
import { link, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { moveSentences } from '@shared/devices'
import { LabError } from '@shared/errors'
import { epochsOf, modelsOf, presets, type Experiment } from '@shared/experiment'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import { mnistInfo } from '../../../src/main/data/mnist'
import { readOwner } from '../../../src/main/lab/owner'
import {
  newRunFile,
  summaryOf,
  withBaseline,
  withDevice,
  withEnd,
  withEpoch,
  withFailure,
  withLostDevice,
  withStart
} from '../../../src/main/lab/run-file'
import { readDigits, writeDigits } from '../../../src/main/lab/digits-file'
import { createRunFolder, readRunFile, sweepTemporaryFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { readCheckpoint } from '../../../src/main/trainer/checkpoint'

const SIZE = 2 * PROBE_COUNT * mnistInfo.rows * mnistInfo.columns
const experiment: Experiment = { ...presets.article, varied: { key: 'latentDim', values: [8, 2] } }
const bounds = { perfectCopy: 0.1, meanDigit: 0.3, pcaMse: null }
const losses = (value: number) => ({ trainLoss: [value, value], valLoss: [0.2, 0.3], valMse: [0.02, 0.03] })
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-run-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const device = {
  name: 'cpu',
  title: 'CPU · 2 threads',
  usable: true,
  detail: 'a processor',
  runtimeVersion: '1.2.3',
  remedy: '',
  driver: ''
} as const

const chosen = {
  device: 'cpu',
  title: 'CPU · 2 threads',
  hardware: '',
  why: 'the only usable device'
} as const
const gpu = {
  device: 'webgpu',
  title: 'A GPU',
  hardware: 'A GPU',
  why: 'chosen by you'
} as const

function begun(epochs: number): RunFile {
  const file = newRunFile({
    id: 'a-run',
    experiment,
    device: chosen,
    dataset: mnistInfo,
    versions: {}
  })
  const history = Array.from({ length: epochs }, (_, i) => losses(i))
  return withStart(file, { type: 'started', dataset: mnistInfo, bounds, history, seconds: 9, device })
}

const END = '2026-11-30T10:00:00.000Z'

/** What the trainer tells of a run without a complete epoch. */
const anew = { type: 'started' as const, dataset: mnistInfo, bounds, history: [], seconds: 0, device }

test('a run is written and read as it is, narrowest model first, each list of losses on one line', async () => {
  const end = {
    type: 'ended' as const,
    status: 'finished' as const,
    quality: { bce: [0.19, 0.29], psnr: [10, 20], ssim: [0.5, 0.75] },
    pcaMse: [0.05, 0.03],
    seconds: 12
  }
  const file = withEnd(withEpoch(begun(2), 3, losses(2), 12), end, END)
  await writeRunFile(folder, file)
  expect(await readRunFile(folder)).toEqual(file)
  expect(file.models.map(({ id, name, rank, seed }) => [id, name, rank, seed])).toEqual([
    ['d=2', 'd=2', 0, 1],
    ['d=8', 'd=8', 1, 1]
  ])
  expect(file.models[0]).toMatchObject({
    parameters: 3922,
    history: { trainLoss: [0, 1, 2] },
    metrics: { bce: 0.19, mse: 0.02, psnr: 10, ssim: 0.5, gapClosed: expect.closeTo(0.5, 12) as number }
  })
  expect(await readFile(join(folder, 'run.json'), 'utf8')).toContain('"trainLoss": [ 0, 1, 2 ],')
})

test('brackets and quotes in a name survive, line ends become a sign', async () => {
  const name = 'a "[\n 1,\n 2 ]" \\ run'
  const file = { ...begun(1), experiment: { ...experiment, name } }
  await writeRunFile(folder, file)
  expect((await readRunFile(folder)).experiment.name).toBe(name.replaceAll('\n', '�'))
})

test('a run names what trained it', () => {
  const { segments, versions } = begun(0)
  expect(segments).toEqual([{ ...chosen, hardware: 'CPU · 2 threads, a processor', firstEpoch: 1, error: null }])
  expect(versions).toEqual({ cpu: '1.2.3' })
})

test('a run that goes on elsewhere names both devices, from which epoch on, and how the first failed', () => {
  const error = new LabError('trainer-crashed', 'It crashed').data
  const moved = withDevice(withLostDevice(begun(2), error), gpu)
  expect(moved).toMatchObject({ device: 'webgpu', segments: [{ error }, { hardware: 'A GPU', firstEpoch: 3 }] })
  // The checkpoint was an epoch further than run.json.
  const history = [losses(0), losses(1), losses(2)]
  const started = { type: 'started' as const, dataset: mnistInfo, bounds, history, seconds: 9, device }
  expect(withStart(moved, started).segments).toMatchObject([
    { device: 'cpu', firstEpoch: 1, error },
    { device: 'webgpu', firstEpoch: 4, why: 'chosen by you', error: null }
  ])
  expect(withDevice(moved, gpu)).toBe(moved)
})

test('a device that only measures a run is none that has trained it', () => {
  const error = new LabError('device-lost', 'It was lost').data
  const history = Array.from({ length: epochsOf(experiment) }, (_, epoch) => losses(epoch))
  const last = history.reduce((file, epoch, index) => withEpoch(file, index + 1, epoch, 9), begun(0))
  const measured = withDevice(withLostDevice(last, error), gpu)
  expect([measured.segments, measured.device]).toEqual([last.segments, last.device])
  // Of a run whose checkpoint turns out to be complete, too; what measures it has another title.
  const elsewhere = { ...device, name: 'webgpu', title: 'A GPU', runtimeVersion: '9' }
  const started = { type: 'started' as const, dataset: mnistInfo, bounds, history, seconds: 9, device: elsewhere }
  for (const file of [measured, withDevice(begun(history.length - 1), gpu)]) {
    const { segments, device, versions } = withStart(file, started)
    expect([segments, device, versions]).toEqual([last.segments, last.device, last.versions])
    expect(moveSentences({ segments })).toEqual([])
  }
})

test('a run in squared error has no BCE until it has ended', () => {
  const base = { ...experiment.base, loss: 'mse' as const }
  const file = withEpoch({ ...begun(0), experiment: { ...experiment, base } }, 1, losses(0), 1)
  expect(file.models.map(({ metrics }) => metrics?.bce)).toEqual([null, null])
  const quality = { bce: [0.5, 0.6], psnr: [1, 2], ssim: [0, 0] }
  const ended = withEnd(file, { type: 'ended', status: 'stopped', quality, pcaMse: null, seconds: 1 }, END)
  expect(ended.models.map(({ metrics }) => metrics?.bce)).toEqual([0.5, 0.6])
})

test('a run of several seeds has a model of each, and one figure of each series in the list', async () => {
  const seeds = [3, 4, 5]
  const file = newRunFile({
    id: 'a-run',
    experiment: { ...experiment, seeds },
    device: chosen,
    dataset: mnistInfo,
    versions: {}
  })
  expect(file.models.map(({ id, name, rank, seed }) => [id, name, rank, seed])).toEqual([
    ['d=2.seed=3', 'd=2', 0, 3],
    ['d=2.seed=4', 'd=2', 0, 4],
    ['d=2.seed=5', 'd=2', 0, 5],
    ['d=8.seed=3', 'd=8', 1, 3],
    ['d=8.seed=4', 'd=8', 1, 4],
    ['d=8.seed=5', 'd=8', 1, 5]
  ])
  expect(summaryOf(file, 'queued')).toMatchObject({ series: ['2', '8'], gapClosed: [], epochs: 70 })
  const values = [0.3, 0.2, 0.1, 0.1, 0.1, 0.1]
  const trained = withEpoch({ ...file, bounds }, 1, { trainLoss: values, valLoss: values, valMse: values }, 1)
  expect(summaryOf(trained, 'running').diverged).toEqual([])
  expect(summaryOf(trained, 'running').gapClosed).toEqual([expect.closeTo(0.5, 12), expect.closeTo(1, 12)])
  await writeRunFile(folder, trained)
  expect(await readRunFile(folder)).toEqual(trained)
})

test('what is not known before training begins is no number', async () => {
  const file = newRunFile({
    id: 'a-run',
    experiment,
    device: chosen,
    dataset: mnistInfo,
    versions: {}
  })
  await writeRunFile(folder, file)
  expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))).toMatchObject({
    bounds: { perfectCopy: null, meanDigit: null, pcaMse: null }
  })
  expect((await readRunFile(folder)).bounds).toEqual({ perfectCopy: NaN, meanDigit: NaN, pcaMse: null })
})

test('a continued run keeps what PCA reaches', () => {
  const before = withBaseline(begun(1), [0.5, 0.25])
  const again = withStart(before, anew)
  const stopped = withEnd(again, { type: 'ended', status: 'stopped', quality: null, pcaMse: null, seconds: 0 }, END)
  expect(stopped.bounds).toEqual({ ...bounds, pcaMse: [0.5, 0.25] })
})

test('an epoch that comes again replaces what was there', () => {
  expect(withEpoch(begun(3), 2, losses(9), 1).models[1]?.history.trainLoss).toEqual([0, 9])
})

test('a continued run forgets its failure', () => {
  const failed = withFailure(begun(1), { kind: 'internal', problem: '', found: '', expected: '', remedy: '' }, END)
  expect(failed).toMatchObject({ status: 'failed', endedAt: expect.any(String) })
  const again = withStart(failed, anew)
  expect(again).toMatchObject({ status: 'running', error: null, endedAt: null })
  expect(again.models[0]).toMatchObject({ history: { valLoss: [] }, metrics: null })
})

test('digits lie at the place of their epoch; only complete epochs are read', async () => {
  for (const epoch of [2, 1, 3]) await writeDigits(folder, epoch, new Uint8Array(SIZE).fill(epoch))
  const read = async (file: RunFile, first: number, last: number) => {
    const { pixels, ...rest } = await readDigits(folder, file, first, last)
    return { ...rest, values: Array.from({ length: pixels.length / SIZE }, (_, i) => pixels[i * SIZE]) }
  }
  expect(await read(begun(3), 1, 3)).toEqual({ firstEpoch: 1, epochs: 3, models: 2, values: [1, 2, 3] })
  expect(await read(begun(2), 2, 70)).toEqual({ firstEpoch: 2, epochs: 1, models: 2, values: [2] })
  expect((await read(begun(2), 3, 9)).epochs).toBe(0)
  expect((await read(begun(3), 3, 2)).epochs).toBe(0)
  await truncate(join(folder, 'digits.bin'), 2.5 * SIZE)
  expect((await read(begun(3), 1, 3)).values).toEqual([1, 2])
  await rm(join(folder, 'digits.bin'))
  expect((await read(begun(3), 1, 3)).epochs).toBe(0)
})

test.each([
  ['', /found an empty file/],
  ['{', /found text that is no JSON/],
  ['7', /found 7, expected a run of/],
  ['[]', /format 1|expected/],
  ['{"format":2}', /found id: nothing, expected a/],
  ['{"format":"2"}', /found format: "2"/],
  ['{"format":0}', /found format: 0/],
  ['{"format":3}', /was made by a newer version of Bottleneck Lab: found format 3, expected format 1 to 2\. Update/],
  [' '.repeat(17 * 2 ** 20), /at most 16,777,216 bytes/]
])('a run.json that is none is refused (%#)', async (text, message) => {
  await writeFile(join(folder, 'run.json'), text)
  const error = await readRunFile(folder).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ kind: 'bad-file', message: expect.stringMatching(message) })
})

function stored(change: (file: RunFile) => unknown): Promise<void> {
  return writeFile(join(folder, 'run.json'), JSON.stringify(change(begun(1))))
}

test.each<[string, (file: RunFile) => unknown, RegExp]>([
  [
    'no models',
    (file) => ({ ...file, models: [] }),
    /found the models none, expected those of its experiment, d=2, d=8/
  ],
  ['one model of two', (file) => ({ ...file, models: file.models.slice(1) }), /found the models d=8, expected/],
  [
    '5,000 models',
    (file) => ({ ...file, models: Array.from({ length: 5000 }, () => file.models[0]) }),
    /models: 5,000 entries, expected at most 128/
  ],
  [
    '5,000 versions',
    (file) => ({ ...file, versions: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`v${i}`, 'x'])) }),
    /versions: 5,000 entries/
  ],
  ['a long name of a device', (file) => ({ ...file, device: 'x'.repeat(2001) }), /device: 2,001 characters/],
  [
    'an unknown data set',
    (file) => ({ ...file, experiment: { ...file.experiment, dataset: 'nist' } }),
    /found the data set "mnist", expected "nist"/
  ],
  ['large images', (file) => ({ ...file, dataset: { ...file.dataset, rows: 5000 } }), /found images of 5000 × 28/],
  [
    'an epoch too many',
    (file) => {
      const history = { trainLoss: new Array<number>(1001).fill(1), valLoss: [], valMse: [] }
      return { ...file, models: file.models.map((model) => ({ ...model, history })) }
    },
    /trainLoss: 1,001 entries/
  ]
])('a run.json with %s is refused', async (_, change, message) => {
  await stored(change)
  const error = await readRunFile(folder).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ kind: 'bad-file', message: expect.stringMatching(message) })
})

test.each([
  ['"0.1"', /found models\.0\.history\.valLoss\.1: "0\.1", expected a number\./],
  ['1e999', /found models\.0\.history\.valLoss\.1: Infinity, expected a number\./]
])('a loss of %s is refused by its place', async (loss, message) => {
  const text = JSON.stringify(begun(1)).replace(/"valLoss":\[[^\]]*\]/, `"valLoss":[0.3,${loss}]`)
  await writeFile(join(folder, 'run.json'), text)
  await expect(readRunFile(folder)).rejects.toThrow(message)
})

test('a byte order mark, as some editors write it, is no fault', async () => {
  await writeFile(join(folder, 'run.json'), `\uFEFF${JSON.stringify(begun(1))}`)
  expect((await readRunFile(folder)).id).toBe('a-run')
})

test('digits are written into no other file than the run’s own', async ({ skip }) => {
  skip(process.platform === 'win32', 'needs links, which Windows has only for administrators')
  const victim = join(folder, 'letter.txt')
  await writeFile(victim, 'mine')
  for (const make of [symlink, link]) {
    await make(victim, join(folder, 'digits.bin'))
    await expect(writeDigits(folder, 1, new Uint8Array(SIZE))).rejects.toMatchObject({ kind: 'not-writable' })
    await rm(join(folder, 'digits.bin'))
  }
  expect(await readFile(victim, 'utf8')).toBe('mine')
})

test.each(['run.json', 'digits.bin', 'owner.json', 'checkpoint.safetensors'])(
  'a named pipe as %s keeps nobody waiting',
  async (name) => {
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [join(folder, name)])
    if (name === 'run.json') await expect(readRunFile(folder)).rejects.toMatchObject({ kind: 'bad-file' })
    if (name === 'digits.bin')
      await expect(readDigits(folder, begun(1), 1, 1)).rejects.toMatchObject({ kind: 'bad-file' })
    if (name === 'owner.json') expect(await readOwner(folder)).toMatchObject({ state: 'running' })
    if (name === 'checkpoint.safetensors') {
      const owner = { experiment, models: modelsOf(experiment, 784), datasetSha256: mnistInfo.sha256 }
      await expect(readCheckpoint(join(folder, name), owner)).rejects.toMatchObject({ kind: 'bad-file' })
    }
  }
)

test('a folder without run.json is no run', async () => {
  await expect(readRunFile(folder)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(readRunFile(join(folder, 'nothing'))).rejects.toMatchObject({ kind: 'not-found' })
})

test('a run folder is new', async () => {
  const wanted = join(folder, 'deep', 'run')
  expect(await createRunFolder(wanted)).toBe(true)
  expect((await stat(wanted)).isDirectory()).toBe(true)
  expect(await createRunFolder(wanted)).toBe(false)
})

test('only what writers left half-written is swept away', async () => {
  const names = ['.run.json.77.tmp', '.checkpoint.safetensors.8.tmp', 'notes.tmp', '.hidden']
  for (const name of names) await writeFile(join(folder, name), '')
  await sweepTemporaryFiles(folder)
  const left = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)))
  expect(left.map((entry) => entry !== null)).toEqual([false, false, true, true])
})

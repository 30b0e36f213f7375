import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { devicesLabel } from '@shared/devices'
import { LabError } from '@shared/errors'
import { PIXELS, presets } from '@shared/experiment'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import { mnistInfo } from '../../../src/main/data/mnist'
import {
  newRunFile,
  withBaseline,
  withEnd,
  withEpoch,
  withFailure,
  withLostDevice,
  withPlace,
  withStart
} from '../../../src/main/lab/run-file'
import {
  createRunFolder,
  readDigits,
  readRunFile,
  sweepTemporaryFiles,
  writeDigits,
  writeRunFile
} from '../../../src/main/lab/run-folder'

const SIZE = 2 * PROBE_COUNT * PIXELS
const experiment = { ...presets.article, varied: { hyperparameter: 'latentDim' as const, values: [8, 2] } }
const bounds = { perfectCopy: 0.1, meanDigit: 0.3, pcaMse: null }
const losses = (value: number) => ({ trainLoss: [value, value], valLoss: [0.2, 0.3], valMse: [0.02, 0.03] })
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-run-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const device = {
  engine: 'onnxruntime',
  name: 'cpu',
  title: 'CPU · 2 threads',
  usable: true,
  detail: 'a processor',
  runtimeVersion: '1.2.3',
  remedy: '',
  driver: ''
} as const

const place = {
  engine: 'onnxruntime',
  device: 'cpu',
  title: 'CPU · 2 threads',
  hardware: '',
  why: 'the only usable device'
} as const
const gpu = {
  engine: 'onnxruntime',
  device: 'webgpu',
  title: 'A GPU',
  hardware: 'A GPU',
  why: 'chosen by you'
} as const

function begun(epochs: number): RunFile {
  const file = newRunFile({
    id: 'a-run',
    experiment,
    place,
    dataset: mnistInfo,
    versions: {}
  })
  const history = Array.from({ length: epochs }, (_, i) => losses(i))
  return withStart(file, { type: 'started', dataset: mnistInfo, bounds, history, seconds: 9, device, turns: null })
}

/** What the trainer tells of a run without a complete epoch. */
const anew = { type: 'started' as const, dataset: mnistInfo, bounds, history: [], seconds: 0, device, turns: null }

test('a run is written and read as it is, narrowest model first, each list of losses on one line', async () => {
  const file = withEnd(withEpoch(begun(2), 3, losses(2), 12), {
    type: 'ended',
    status: 'finished',
    quality: { psnr: [10, 20], ssim: [0.5, 0.75] },
    pcaMse: [0.05, 0.03],
    seconds: 12
  })
  await writeRunFile(folder, file)
  expect(await readRunFile(folder)).toEqual(file)
  expect(file.models.map(({ name }) => name)).toEqual(['d=2', 'd=8'])
  expect(file.models[0]).toMatchObject({
    parameters: 3922,
    history: { trainLoss: [0, 1, 2] },
    metrics: { bce: 0.2, mse: 0.02, psnr: 10, ssim: 0.5, gapClosed: expect.closeTo(0.5, 12) as number }
  })
  expect(await readFile(join(folder, 'run.json'), 'utf8')).toContain('"trainLoss": [ 0, 1, 2 ],')
})

test('brackets and quotes in a name survive', async () => {
  const name = 'a "[\n 1,\n 2 ]" \\ run'
  const file = { ...begun(1), experiment: { ...experiment, name } }
  await writeRunFile(folder, file)
  expect((await readRunFile(folder)).experiment.name).toBe(name)
})

test('a run tells what trained it', () => {
  const { hardware, versions } = begun(0)
  expect({ hardware, versions }).toEqual({
    hardware: 'CPU · 2 threads, a processor',
    versions: { onnxruntime: '1.2.3' }
  })
})

test('a run that goes on elsewhere tells both devices, from which epoch on, and how the first failed', () => {
  const error = new LabError('trainer-crashed', 'It crashed').data
  const moved = withPlace(withLostDevice(begun(2), error), gpu)
  expect(moved).toMatchObject({ engine: 'onnxruntime', device: 'webgpu', hardware: 'A GPU' })
  // The checkpoint was an epoch further than run.json.
  const history = [losses(0), losses(1), losses(2)]
  const started = { type: 'started' as const, dataset: mnistInfo, bounds, history, seconds: 9, device, turns: null }
  expect(withStart(moved, started).devices).toMatchObject([
    { device: 'cpu', firstEpoch: 1, error },
    { device: 'webgpu', firstEpoch: 4, why: 'chosen by you', error: null }
  ])
  expect(withPlace(moved, gpu)).toBe(moved)
})

test('models that train in other turns from an epoch on are a part of their own', () => {
  const three = { count: 3, memoryBudget: 100 }
  const start = (file: RunFile, epochs: number, turns: typeof three | null) => {
    const history = Array.from({ length: epochs }, (_, i) => losses(i))
    return withStart(file, { type: 'started', dataset: mnistInfo, bounds, history, seconds: 9, device, turns })
  }
  const inTurns = start(begun(0), 0, three)
  expect(inTurns.devices).toMatchObject([{ device: 'cpu', firstEpoch: 1, turns: three }])
  expect(start(inTurns, 2, three).devices).toHaveLength(1)
  expect(start(inTurns, 2, null).devices).toMatchObject([
    { device: 'cpu', firstEpoch: 1, turns: three },
    { device: 'cpu', firstEpoch: 3, turns: null, why: place.why }
  ])
  expect(start(start(inTurns, 2, null), 2, three).devices).toEqual(inTurns.devices)
  const old = begun(1)
  delete old.devices
  expect(start(old, 1, three).devices).toMatchObject([{ device: 'cpu', firstEpoch: 1, turns: three }])
})

test('a run file of a version that knew one device alone is read, and may go on elsewhere', async () => {
  const old = begun(1)
  delete old.devices
  await writeRunFile(folder, old)
  const read = await readRunFile(folder)
  expect(devicesLabel(read)).toBe('CPU')
  expect(devicesLabel(withPlace(read, gpu))).toBe('CPU, then WebGPU')
})

test('what is not known before training begins is no number', async () => {
  const file = newRunFile({
    id: 'a-run',
    experiment,
    place,
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
  const stopped = withEnd(again, { type: 'ended', status: 'stopped', quality: null, pcaMse: null, seconds: 0 })
  expect(stopped.bounds).toEqual({ ...bounds, pcaMse: [0.5, 0.25] })
})

test('an epoch that comes again replaces what was there', () => {
  expect(withEpoch(begun(3), 2, losses(9), 1).models[1]?.history.trainLoss).toEqual([0, 9])
})

test('a continued run forgets its failure', () => {
  const failed = withFailure(begun(1), { kind: 'internal', problem: '', found: '', expected: '', remedy: '' })
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
  ['', /found content/],
  ['{', /found content/],
  ['[]', /format 1|expected/],
  ['{"format":2}', /format/],
  [' '.repeat(17 * 2 ** 20), /at most 16 MB/]
])('a run.json that is none is refused (%#)', async (text, message) => {
  await writeFile(join(folder, 'run.json'), text)
  const error = await readRunFile(folder).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ kind: 'bad-file', message: expect.stringMatching(message) })
})

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

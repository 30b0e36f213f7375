// The weights of a run's epochs, on real trainings: they draw the digits that the run kept, and a run in parts writes the same bytes.
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DigitsArrived } from '@shared/contract'
import { isKept, weightsOf } from '@shared/epoch-weights'
import { modelsOf, type Experiment } from '@shared/experiment'
import { decode, encode } from '@shared/forward'
import { defaultSettings } from '@shared/settings'
import { checkRun } from '../../src/main/lab/check-run'
import type { Lab } from '../../src/main/lab/lab'
import { digitsDigest } from '../../src/main/trainer/kept-digits'
import { forkTrainer } from '../../src/main/lab/fork'
import { keptLog, makeHome, nextEvent, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const EPOCHS = 7
const experiment = smallExperiment({ base: { epochs: EPOCHS, trainLimit: 3000, hidden: [16] } })
const models = modelsOf(experiment, 784)
const trainer = resolve(__dirname, '../../out/main/trainer.js')
const log = keptLog()
const arrived: DigitsArrived[] = []
let home: TestHome
let lab: Lab
let whole: string

beforeAll(async () => {
  home = await makeHome()
  lab = openLab(home, offering(forkTrainer(trainer), 'cpu'), { log })
  lab.subscribe((event, payload) => {
    if (event === 'digitsArrived') arrived.push(payload as DigitsArrived)
  })
  whole = await finished(experiment)
}, 120_000)
afterAll(async () => {
  await lab.close()
  await home.remove()
})

async function finished(experiment: Experiment): Promise<string> {
  const id = await lab.calls.startRun(experiment, 'cpu')
  expect((await lab.whenEnded(id)).status).toBe('finished')
  return id
}

const fileOf = async (id: string) => (await lab.calls.openRun(id)).file
const weightsIn = (id: string) => join(lab.folderOf(id), 'weights')
const pathOf = (id: string, epoch: number) => join(weightsIn(id), `000${epoch}.safetensors`)

/** What the weights of an epoch make of the probes, beside what the run says they made: the largest difference of a pixel, in 255ths. */
async function worstPixel(id: string, epoch: number): Promise<number> {
  const probes = await lab.calls.readProbes('mnist')
  const images = Float32Array.from(probes.pixels, (pixel) => pixel / 255)
  const { pixels, firstEpoch, epochs } = await lab.calls.readDigits(id, epoch, epoch)
  expect([firstEpoch, epochs, pixels.length]).toEqual([epoch, 1, models.length * images.length])
  const answer = await lab.calls.readWeights(id, epoch)
  expect(answer.epoch).toBe(epoch)
  let worst = 0
  models.forEach(({ layers }, index) => {
    const weights = weightsOf(answer.models[index] as Uint8Array, layers)
    const drawn = decode(layers, weights, encode(layers, weights, images))
    const kept = pixels.subarray(index * drawn.length, (index + 1) * drawn.length)
    drawn.forEach((value, pixel) => (worst = Math.max(worst, Math.abs(value * 255 - (kept[pixel] as number)))))
  })
  return worst
}

test('the weights of every epoch, 0 among them, draw the digits of that epoch to rounding', async () => {
  expect((await fileOf(whole)).weights).toMatchObject({ every: 1, problem: null })
  expect(await readdir(weightsIn(whole))).toEqual([1, 2, 3, 4, 5, 6, 7].map((epoch) => `000${epoch}.safetensors`))
  for (let epoch = 0; epoch <= EPOCHS; epoch++) expect(await worstPixel(whole, epoch)).toBeLessThan(1)
  const [first, last] = await Promise.all([1, EPOCHS].map((epoch) => lab.calls.readWeights(whole, epoch)))
  expect(last?.models[0]).not.toEqual(first?.models[0])
})

test('any safetensors reader finds them: header, names, type, run and epoch', async () => {
  const bytes = await readFile(pathOf(whole, 3))
  const end = 8 + Number(bytes.readBigUInt64LE())
  const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, end)) as Record<string, object>
  expect(metadata).toMatchObject({ run: whole, epoch: '3', format: 'bottleneck-lab-weights-1' })
  expect(tensors['d=1.encoder.0.weight']).toMatchObject({ dtype: 'F16', shape: [784, 16] })
  expect(Object.keys(tensors)).toHaveLength(2 * 8)
})

test('models are answered as they were asked for; what is not there is refused or the nearest before', async () => {
  const all = await lab.calls.readWeights(whole, 4)
  expect((await lab.calls.readWeights(whole, 4, [1, 0])).models).toEqual([...all.models].reverse())
  expect((await lab.calls.readWeights(whole, 1000, [0])).epoch).toBe(EPOCHS)
  await expect(lab.calls.readWeights(whole, 4, [2])).rejects.toMatchObject({ kind: 'bad-value' })
})

test('several times within the first epoch digits arrive, with the step at which they were drawn', () => {
  const own = arrived.filter(({ id }) => id === whole)
  expect(own.length).toBeGreaterThan(0)
  for (const { epoch, step, digits } of own) {
    expect([epoch, digits.length]).toEqual([1, models.length * 20 * 784])
    expect(step).toBeGreaterThan(0)
    expect(step).toBeLessThanOrEqual(Math.ceil(3000 / 16))
  }
})

test('epoch 0 is there while a run waits, and the same for every run of its seed', async () => {
  const first = await lab.calls.startRun(
    smallExperiment({ base: { epochs: 300, trainLimit: 3000, hidden: [16] } }),
    'cpu'
  )
  const waiting = await lab.calls.startRun(experiment, 'cpu')
  expect((await lab.calls.openRun(waiting)).state).toBe('queued')
  const [now, known] = await Promise.all([waiting, whole].map((id) => lab.calls.readDigits(id, 0, 3)))
  expect([now?.firstEpoch, now?.epochs, known?.epochs]).toEqual([0, 1, 4])
  expect(now?.pixels).toEqual(known?.pixels.subarray(0, now?.pixels.length))
  const stored = await lab.calls.readDigits(whole, 1, 3)
  expect(known?.pixels.subarray(now?.pixels.length)).toEqual(stored.pixels)
  expect(await lab.calls.readWeights(waiting, 5)).toEqual(await lab.calls.readWeights(whole, 0))
  await lab.calls.stopRun(waiting)
  await lab.calls.stopRun(first)
  await lab.whenEnded(first)
})

test('a run that was stopped and goes on has the weights of a whole one, byte for byte but for its id', async () => {
  const id = await lab.calls.startRun(experiment, 'cpu')
  await nextEvent(lab, 'epochEnded', (ended) => ended.id === id && ended.epoch === 2)
  await lab.calls.stopRun(id)
  const { weights } = await lab.whenEnded(id)
  const done = weights?.sha256.length ?? 0
  expect(await readdir(weightsIn(id))).toHaveLength(done)
  await rm(pathOf(id, done)) // what it has lost of its last epoch is written again
  await lab.calls.continueRun(id)
  await lab.whenEnded(id)
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    expect((await lab.calls.readWeights(id, epoch)).models).toEqual((await lab.calls.readWeights(whole, epoch)).models)
  }
  expect((await checkRun(lab.folderOf(id))).find(({ part }) => part === 'weights')).toMatchObject({ whole: true })
})

test('a damaged or missing file costs its epoch alone: the one before is answered, and lab check says so', async () => {
  const id = await finished(experiment)
  const before = (await lab.calls.readWeights(id, 4)).models
  const bytes = await readFile(pathOf(id, 5))
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
  await writeFile(pathOf(id, 5), bytes)
  expect(await lab.calls.readWeights(id, 5)).toEqual({ epoch: 4, models: before })
  expect((await lab.calls.readWeights(id, 6)).epoch).toBe(6)
  const weights = async () => (await checkRun(lab.folderOf(id))).find(({ part }) => part === 'weights')
  expect(await weights()).toMatchObject({ whole: false, detail: expect.stringContaining('0005.safetensors') as string })
  await rm(pathOf(id, 2))
  expect((await weights())?.detail).toMatch(/0002\.safetensors is missing.*epochs 2, 5/)
  expect((await lab.calls.readWeights(id, 2)).epoch).toBe(1)
})

test('beyond the budget they are thinned evenly, and the last is kept; with none, the checkpoint has the last', async () => {
  const settings = { ...defaultSettings, weightsMegabytes: 1 }
  await lab.calls.writeSettings(settings)
  const large = smallExperiment({ base: { epochs: EPOCHS, trainLimit: 320, hidden: [64] } }) // 400 kB an epoch
  const id = await finished(large)
  expect((await fileOf(id)).weights?.every).toBe(4)
  const kept = [1, 2, 3, 4, 5, 6, 7].filter((epoch) => isKept(epoch, EPOCHS, 4))
  expect(kept).toEqual([3, 7])
  expect(await readdir(weightsIn(id))).toEqual(['0003.safetensors', '0007.safetensors'])
  expect((await lab.calls.estimate(large, 'cpu')).weightsEvery).toBe(4)
  const epochs = [2, 3, 6, 7].map(async (epoch) => (await lab.calls.readWeights(id, epoch)).epoch)
  expect(await Promise.all(epochs)).toEqual([0, 3, 3, 7])

  await lab.calls.writeSettings({ ...settings, weightsMegabytes: 0 })
  const none = await finished(experiment)
  expect(await readdir(lab.folderOf(none))).not.toContain('weights')
  expect(await lab.calls.readWeights(none, EPOCHS)).toEqual(await lab.calls.readWeights(whole, EPOCHS))
  expect((await lab.calls.readWeights(none, EPOCHS - 1)).epoch).toBe(0)
  await lab.calls.writeSettings(defaultSettings)
}, 60_000)

test('where they can’t be written the run goes on without, says so once, and writes nothing elsewhere', async () => {
  const elsewhere = join(home.folder, 'elsewhere')
  await mkdir(elsewhere)
  const id = await lab.calls.startRun(experiment, 'cpu')
  await symlink(elsewhere, weightsIn(id))
  const file = await lab.whenEnded(id)
  expect(file).toMatchObject({ status: 'finished', error: null })
  expect(file.weights?.sha256).toEqual(Array.from({ length: EPOCHS }, () => null))
  expect(file.weights?.problem).toContain('is not a folder')
  expect(await readdir(elsewhere)).toEqual([])
  expect(log.lines.filter((line) => line.includes('goes on without the weights'))).toHaveLength(1)
  expect((await lab.calls.readWeights(id, EPOCHS)).epoch).toBe(EPOCHS)
  expect(digitsDigest((await lab.calls.readDigits(id, EPOCHS, EPOCHS)).pixels)).toBe(file.digitsSha256?.[EPOCHS - 1])
})

// The trainer process as the lab speaks with it: commands in, events out, over a real fork.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelsOf, type Experiment } from '@shared/experiment'
import { mnistFolder, mnistInfo } from '../../src/main/data/mnist'
import { forkTrainer } from '../../src/main/lab/fork'
import type { ChildExit, TrainerProcess } from '../../src/main/lab/child-process'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'
import type { TrainerEvent, TrainJob } from '../../src/main/trainer/messages'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, smallExperiment, type TestHome } from '../fixtures/lab'

let entry: string
let home: TestHome
let trainer: TrainerProcess
let events: TrainerEvent[]
let exit: Promise<ChildExit>
let told: () => void
let records: boolean

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  events = []
  told = () => undefined
  records = true
  trainer = forkTrainer(entry)()
  trainer.onEvent((event) => {
    events.push(event)
    if (records && event.type === 'epochEnded') trainer.send({ type: 'recorded', epoch: event.epoch })
    told()
  })
  exit = new Promise((resolve) => trainer.onExit(resolve))
})
afterEach(async () => {
  trainer.kill()
  await exit
  await home.remove()
})

async function heard<T extends TrainerEvent['type']>(type: T): Promise<Extract<TrainerEvent, { type: T }>> {
  for (;;) {
    const event = events.find((one) => one.type === type)
    if (event) return event as Extract<TrainerEvent, { type: T }>
    await new Promise<void>((resolve) => (told = resolve))
  }
}

function job(device: string, changes: Partial<TrainJob> = {}): TrainJob {
  return {
    id: 'a-run',
    experiment: smallExperiment(),
    device,
    dataFolder: mnistFolder(),
    checkpoint: join(home.folder, 'checkpoint.safetensors'),
    cacheFolder: home.folder,
    continues: false,
    ...changes
  }
}

const ownerOf = (experiment: Experiment) => ({
  experiment,
  models: modelsOf(experiment, 784),
  datasetSha256: mnistInfo.sha256
})

test('it says that it is ready, tells its devices, and quits', async () => {
  await heard('ready')
  trainer.send({ type: 'devices', request: 7 })
  expect(await heard('devicesFound')).toMatchObject({
    request: 7,
    devices: [{ name: 'cpu' }, { name: 'slow' }, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]
  })
  trainer.send({ type: 'quit' })
  expect(await exit).toMatchObject({ code: 0, signal: null })
})

test('a run tells its start, each epoch after its checkpoint, and its end', async () => {
  trainer.send({ type: 'train', job: job('cpu') })
  await heard('ended')
  const unordered = ['progress', 'alive', 'digits'] // these come as the pace has it
  const types = events.map((event) => event.type).filter((type) => !unordered.includes(type))
  expect(types).toEqual([
    'ready',
    'started',
    'epochEnded',
    'epochEnded',
    'epochEnded',
    'epochEnded',
    'finishing',
    'ended'
  ])
  const drawn = events.findIndex(({ type }) => type === 'digits')
  expect(events[drawn]).toMatchObject({ epoch: 1, digits: expect.any(Uint8Array) as Uint8Array })
  expect(drawn).toBeLessThan(events.findIndex(({ type }) => type === 'epochEnded'))
  expect(events.filter((event) => event.type === 'epochEnded').map((event) => event.epoch)).toEqual([1, 2, 3, 4])
})

test('the checkpoint stays at an epoch that the lab has not recorded, a stop is obeyed even then', async () => {
  records = false
  const own = job('cpu')
  trainer.send({ type: 'train', job: own })
  await heard('epochEnded')
  await sleep(300)
  expect(events.filter((event) => event.type === 'epochEnded')).toHaveLength(1)
  const read = () => readCheckpoint(own.checkpoint, ownerOf(own.experiment))
  expect((await read()).history).toHaveLength(1)
  events = []
  trainer.send({ type: 'recorded', epoch: 1 })
  expect(await heard('epochEnded')).toMatchObject({ epoch: 2 })
  trainer.send({ type: 'stop' })
  expect(await heard('ended')).toMatchObject({ status: 'stopped' })
  expect((await read()).history).toHaveLength(2)
})

test('a continued run waits until the digits of its last epoch, told again, are recorded', async () => {
  records = false
  trainer.send({ type: 'train', job: job('cpu', { experiment: smallExperiment({ base: { epochs: 1 } }) }) })
  await heard('ended')
  events = []
  trainer.send({ type: 'train', job: job('cpu', { continues: true }) })
  expect(await heard('epochEnded')).toMatchObject({ epoch: 1 })
  await sleep(300)
  expect(events.some((event) => event.type === 'epochEnded' && event.epoch === 2)).toBe(false)
  records = true
  trainer.send({ type: 'recorded', epoch: 1 })
  expect(await heard('ended')).toMatchObject({ status: 'finished' })
})

test('it tells the bounds, what PCA reaches among them, also while a run trains', async () => {
  const { experiment, dataFolder, cacheFolder } = job('slow')
  trainer.send({ type: 'train', job: job('slow', { experiment: smallExperiment({ base: { epochs: 100 } }) }) })
  await heard('progress')
  trainer.send({ type: 'baseline', request: 3, experiment, dataFolder, cacheFolder })
  expect(await heard('baselineComputed')).toMatchObject({ request: 3, bounds: { pcaMse: [1, 1 / 3] } })
})

test('progress inside an epoch comes at most ten times a second', async () => {
  const began = performance.now()
  trainer.send({
    type: 'train',
    job: job('slow', { experiment: smallExperiment({ base: { trainLimit: 1600, epochs: 1 } }) })
  })
  await heard('ended')
  const progress = events.filter((event) => event.type === 'progress')
  expect(progress.length).toBeGreaterThan(2)
  expect(progress.length).toBeLessThan((performance.now() - began) / 100 + 2)
  expect(progress.at(-1)).toMatchObject({ epoch: 1, partialTrainLoss: [expect.any(Number), expect.any(Number)] })
})

test('a pause and its end are answered although the engine is at work', async () => {
  trainer.send({ type: 'train', job: job('silent') }) // its third call never ends
  await heard('progress')
  trainer.send({ type: 'pause' })
  await heard('paused')
  trainer.send({ type: 'resume' })
  await heard('resumed')
})

test('it measures, but not while a run trains', async () => {
  const { experiment, dataFolder } = job('slow')
  const measure = { type: 'measure', experiment, device: 'slow', dataFolder } as const
  trainer.send({ ...measure, request: 1 })
  const measured = await heard('measured')
  expect(measured.request).toBe(1)
  expect(measured.millisecondsPerStep).toBeGreaterThan(5)
  trainer.send({ type: 'train', job: job('slow', { experiment: smallExperiment({ base: { epochs: 100 } }) }) })
  trainer.send({ ...measure, request: 2 })
  expect(await heard('requestFailed')).toMatchObject({ request: 2, error: { kind: 'busy' } })
})

test('what can’t be trained fails with its reason, and the trainer stays', async () => {
  trainer.send({ type: 'train', job: job('abacus') })
  expect(await heard('failed')).toMatchObject({ error: { kind: 'device-unavailable', found: 'abacus' } })
  events = []
  trainer.send({ type: 'train', job: job('cpu', { dataFolder: home.folder }) })
  expect(await heard('failed')).toMatchObject({ error: { kind: 'not-found' } })
  events = []
  trainer.send({ type: 'train', job: job('cpu', { continues: true }) })
  expect(await heard('failed')).toMatchObject({ error: { kind: 'not-found' } })
  events = []
  trainer.send({ type: 'train', job: job('cpu', { checkpoint: join(home.folder, 'no', 'folder') }) })
  expect(await heard('failed')).toMatchObject({ error: { kind: 'not-writable' } })
  events = []
  trainer.send({ type: 'train', job: job('cpu') })
  expect(await heard('ended')).toMatchObject({ status: 'finished' })
})

test('what nobody caught is told before the process ends', async () => {
  trainer.send({ type: 'train', job: job('uncaught') })
  expect(await exit).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody caught this') })
  expect(await heard('failed')).toMatchObject({ error: { kind: 'internal' } })
})

test('it lives on while it is silent only if the engine answers', async () => {
  trainer.send({ type: 'train', job: job('silent') })
  await heard('started')
  await sleep(500)
  const before = events.length
  await sleep(2000)
  expect(events.slice(before)).toEqual([])
})

test('it ends when its parent has gone', async () => {
  const child = fork(entry, { serialization: 'advanced' })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => child.once('message', resolve))
  child.disconnect()
  expect(await gone).toBe(0)
})

test('a run that has ended is measured by its checkpoint alone; what is cancelled is not, nor one whose checkpoint is of another epoch', async () => {
  trainer.send({ type: 'train', job: job('cpu') })
  const { quality, pcaMse } = await heard('ended')
  const recorded = events.flatMap((event) => {
    if (event.type !== 'epochEnded') return []
    const { trainLoss, valLoss, valMse } = event
    return [{ trainLoss, valLoss, valMse }]
  })
  const written = await readFile(job('cpu').checkpoint)
  const ask = (request: number, losses = recorded) =>
    trainer.send({ type: 'quality', request, ...job('cpu'), recorded: losses })
  ask(1)
  trainer.send({ type: 'cancel', request: 1 })
  expect(await heard('requestFailed')).toMatchObject({ request: 1, error: { kind: 'busy' } })
  ask(2)
  expect(await heard('qualityMeasured')).toEqual({ type: 'qualityMeasured', request: 2, quality, pcaMse })
  events.length = 0
  ask(3, recorded.slice(0, -1))
  const error = { kind: 'bad-file', found: 'the state after epoch 4', expected: 'that after epoch 3' }
  expect(await heard('requestFailed')).toMatchObject({ request: 3, error })
  expect(await readFile(job('cpu').checkpoint)).toEqual(written)
}, 60_000)

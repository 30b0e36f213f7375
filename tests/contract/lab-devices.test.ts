// A device that fails in mid-run: training goes on on the next best from the last epoch, says so, and learns from it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { modelsOf } from '@shared/experiment'
import type { RunFile, RunSummary } from '@shared/run'
import { mnistInfo } from '../../src/main/data/mnist'
import type { Lab } from '../../src/main/lab/lab'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, nextEvent, nextState, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

/** One batch and so one call of the engine an epoch: the faults of the plain engine come in its third. */
const experiment = smallExperiment({ base: { batchSize: 90, epochs: 6 } })
const longer = (epochs: number) => smallExperiment({ base: { batchSize: 90, epochs } })

let entry: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

function open(...devices: string[]): void {
  lab = openLab(home, offering(entry, ...devices), { patience: { hangSeconds: 4, busySeconds: 4 } })
}
const start = (device: string | null) => lab.calls.startRun(experiment, device)
const epochsOf = ({ models }: RunFile) => models[0]?.history.valLoss.length
const named = async (name: string) => (await lab.calls.describe()).devices.find((one) => one.name === name)

async function stateOf(id: string) {
  const path = join(lab.folderOf(id), 'checkpoint.safetensors')
  const { states, history } = await readCheckpoint(path, {
    experiment,
    models: modelsOf(experiment, 784),
    datasetSha256: mnistInfo.sha256
  })
  return { states, history, digits: await readFile(join(lab.folderOf(id), 'digits.bin')) }
}

describe.each([
  ['throw', 'internal'],
  ['uncaught', 'internal'],
  ['exit', 'trainer-crashed'],
  ['kill', 'trainer-crashed'],
  ['block', 'trainer-hung'],
  ['bad-alloc', 'out-of-memory']
])('%s in the third epoch', (device, kind) => {
  test('the run goes on on the other device and ends as one that began there', async () => {
    open(device, 'cpu')
    const whole = await start('cpu')
    await lab.whenEnded(whole)

    const epochs: number[] = []
    const devices: string[] = []
    lab.subscribe((event, payload) => {
      if (event === 'epochEnded') epochs.push((payload as { epoch: number }).epoch)
      if (event === 'runChanged') devices.push((payload as RunSummary).device)
    })
    const id = await start(device)
    const file = await lab.whenEnded(id)

    expect(file).toMatchObject({ status: 'finished', error: null, device: 'cpu' })
    expect(file.segments).toMatchObject([
      { device, firstEpoch: 1, why: 'chosen by you', error: { kind } },
      { device: 'cpu', title: 'Test cpu', hardware: 'Test cpu', why: 'the next best after a failure', error: null }
    ])
    // The second epoch is written while the third trains: a process that ends at once may take it along.
    expect([2, 3]).toContain(file.segments[1]?.firstEpoch)
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6])
    expect([devices[0], devices[devices.length - 1]]).toEqual([device, 'cpu'])
    expect(await stateOf(id)).toEqual(await stateOf(whole))
    expect(await named(device)).toMatchObject({ usable: true, lastFailure: expect.stringMatching(/\.$/) as string })
  })
})

test('a failure is remembered over a restart: by itself the device is neither measured nor taken any more', async () => {
  open('throw', 'cpu')
  const told = nextEvent(lab, 'devicesChanged')
  expect((await lab.whenEnded(await start('throw'))).status).toBe('finished')
  const failing = { usable: true, millisecondsPerStep: null, lastFailure: expect.stringContaining('gave up') as string }
  expect((await told).find(({ name }) => name === 'throw')).toMatchObject(failing)
  await lab.close()

  open('throw', 'cpu')
  expect(await named('throw')).toMatchObject(failing)
  const { segments } = await lab.whenEnded(await start(null))
  expect(segments).toMatchObject([{ device: 'cpu', why: 'the only one measured' }])
  expect(await named('throw')).toMatchObject(failing)
  expect((await lab.whenEnded(await start('throw'))).segments).toHaveLength(2) // named, it is tried again
})

test('a lab that closes while it measures holds that against no device', async () => {
  open('slow', 'cpu')
  const measuring = lab.calls.measureDevices().catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await lab.close()
  await measuring
  open('slow', 'cpu')
  expect((await lab.calls.describe()).devices.map((one) => one.lastFailure)).toEqual(['', ''])
})

test('each device of the machine is tried once, and the last failure is the run’s', async () => {
  open('throw', 'exit')
  const file = await lab.whenEnded(await start('throw'))
  expect(file).toMatchObject({ status: 'failed', device: 'exit', error: { kind: 'trainer-crashed' } })
  expect(file.segments).toMatchObject([
    { device: 'throw', error: { kind: 'internal' } },
    { device: 'exit', error: null }
  ])
  expect([3, 4]).toContain(epochsOf(file)) // two on each; the last of the second may not have been written when it ended
})

test('an error of the experiment is tried nowhere else', async () => {
  open('nan', 'cpu')
  const file = await lab.whenEnded(await start('nan'))
  expect(file).toMatchObject({ status: 'failed', device: 'nan', error: { kind: 'diverged' } })
  expect(await named('nan')).toMatchObject({ usable: true, lastFailure: '' })
})

test('a run that is paused when its device fails stays paused on the next', async () => {
  const pids: number[] = []
  const spawn = offering(entry, 'slow', 'cpu')
  lab = openLab(home, () => {
    const trainer = spawn()
    if (trainer.pid !== undefined) pids.push(trainer.pid)
    return trainer
  })
  const id = await lab.calls.startRun(longer(50), 'slow')
  await nextEvent(lab, 'epochEnded')
  await lab.calls.pauseRun(id)
  await nextState(lab, id, 'paused')
  const moved = nextEvent(lab, 'runChanged', (run) => run.device === 'cpu')
  process.kill(pids[pids.length - 1] as number, 'SIGKILL')
  await moved
  expect((await lab.calls.openRun(id)).state).toBe('paused')
  await lab.calls.resumeRun(id)
  expect(await lab.whenEnded(id)).toMatchObject({ status: 'finished', device: 'cpu' })
})

test('the first run measures and takes the fastest; the next remembers', async () => {
  open('slow', 'cpu')
  const told = nextEvent(lab, 'devicesChanged')
  const file = await lab.whenEnded(await start(null))
  expect(file.segments).toMatchObject([{ device: 'cpu', why: 'fastest of 2 measured' }])
  const speeds = (await told).map(({ millisecondsPerStep }) => millisecondsPerStep)
  expect(speeds).toEqual([expect.any(Number), expect.any(Number)])
  await lab.close()
  open('slow', 'cpu')
  expect((await lab.calls.describe()).devices.map((one) => one.millisecondsPerStep)).toEqual(speeds)
})

test('nothing is measured beside a run', async () => {
  open('slow', 'cpu')
  const id = await lab.calls.startRun(longer(1000), 'slow')
  await nextEvent(lab, 'epochEnded')
  await expect(lab.calls.measureDevices()).rejects.toMatchObject({ kind: 'busy' })
  const waiting = await start(null)
  expect((await lab.calls.openRun(waiting)).file.segments).toMatchObject([{ why: /not measured|none is measured/ }])
  await lab.calls.stopRun(waiting)
  await lab.calls.stopRun(id)
})

describe('a stopped run', () => {
  async function stopped(): Promise<string> {
    open('slow', 'cpu')
    const id = await lab.calls.startRun(longer(50), 'slow')
    await nextEvent(lab, 'epochEnded')
    await lab.calls.stopRun(id)
    await lab.whenEnded(id)
    return id
  }

  test('goes on on the device that is asked for', async () => {
    const id = await stopped()
    await lab.calls.continueRun(id, 'cpu')
    const { segments, status } = await lab.whenEnded(id)
    expect(status).toBe('finished')
    expect(segments).toMatchObject([
      { device: 'slow', error: null },
      { device: 'cpu', why: 'chosen by you' }
    ])
  })

  test('goes on on the best where its own can’t be used any more', async () => {
    const id = await stopped()
    await lab.close()
    open('cpu')
    await lab.calls.continueRun(id)
    expect((await lab.whenEnded(id)).segments).toMatchObject([
      { device: 'slow' },
      { device: 'cpu', why: 'the only usable device; slow can’t be used now' }
    ])
    await expect(lab.calls.continueRun(id, 'slow')).rejects.toMatchObject({ kind: 'device-unavailable' })
  })
})

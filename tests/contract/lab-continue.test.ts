// A run in parts ends bit for bit as in one: stopped, its trainer killed, the whole application killed, and continued each time.
import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { modelsOf, type Experiment } from '@shared/experiment'
import { forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import type { SpawnTrainer } from '../../src/main/lab/child-process'
import { readCheckpoint, type Checkpoint } from '../../src/main/trainer/checkpoint'
import { mnistFolder, mnistInfo } from '../../src/main/data/mnist'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { makeHome, nextEvent, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const EPOCHS = 12
const pids: number[] = []
const builtTrainer = resolve(__dirname, '../../out/main/trainer.js')
let plainTrainer: string
let application: string
let home: TestHome
let lab: Lab

beforeAll(async () => {
  plainTrainer = await buildEntry('engines/plain-trainer')
  application = await buildEntry('lab-application')
})
afterAll(() => Promise.all([plainTrainer, application].map(removeEntry)))
beforeEach(async () => {
  home = await makeHome()
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

/** Starts trainers and remembers them, so that a test can kill the last one. */
function notingPid(path: string): SpawnTrainer {
  const spawn = forkTrainer(path)
  return () => {
    const trainer = spawn()
    if (trainer.pid !== undefined) pids.push(trainer.pid)
    return trainer
  }
}

async function stateOf(id: string, experiment: Experiment): Promise<Omit<Checkpoint, 'seconds'>> {
  const path = join(lab.folderOf(id), 'checkpoint.safetensors')
  const { states, history } = await readCheckpoint(path, {
    experiment,
    models: modelsOf(experiment, 784),
    datasetSha256: mnistInfo.sha256
  })
  return { states, history }
}

const digitsOf = (id: string) => readFile(join(lab.folderOf(id), 'digits.bin'))

/** A whole application in a process of its own; resolves after the first epoch it tells of. */
async function applicationTrains(entry: string, id: string): Promise<ChildProcess> {
  const child = fork(application, [home.folder, entry, mnistFolder(), id])
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
  })
  return child
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

describe.each([
  ['the plain engine', () => plainTrainer, 'slow', 90],
  ['the CPU', () => builtTrainer, 'cpu', 3000]
])('with %s', (_, entryOf, device, trainLimit) => {
  const experiment = smallExperiment({ base: { epochs: EPOCHS, trainLimit } })

  test('stopped, trainer killed, application killed, continued: the same bits', async () => {
    lab = openLab(home, offering(notingPid(entryOf()), device))
    const whole = await lab.calls.startRun(experiment, device)
    await lab.whenEnded(whole)

    const id = await lab.calls.startRun(experiment, device)
    await nextEvent(lab, 'epochEnded', ({ epoch }) => epoch === 2)
    await nextEvent(lab, 'stepProgress')
    await lab.calls.stopRun(id)
    const stopped = await lab.whenEnded(id)
    expect(stopped.status).toBe('stopped')
    expect(stopped.models[0]?.history.valLoss.length).toBeLessThan(EPOCHS)

    await lab.calls.continueRun(id)
    await nextEvent(lab, 'epochEnded')
    process.kill(pids.at(-1) as number, 'SIGKILL')
    expect((await lab.whenEnded(id)).error?.kind).toBe('trainer-crashed')

    await killed(await applicationTrains(entryOf(), id))
    expect((await lab.calls.openRun(id)).state).toBe('interrupted')

    const epochs: number[] = []
    lab.subscribe((event, payload) => {
      if (event === 'epochEnded') epochs.push((payload as { epoch: number }).epoch)
    })
    const before = (await lab.calls.openRun(id)).file.models[0]?.history.valLoss.length ?? 0
    await lab.calls.continueRun(id)
    const finished = await lab.whenEnded(id)

    expect(before).toBeGreaterThan(3)
    const first = epochs[0] ?? 0 // epochs of the killed application may be told too, once they are seen in the folder
    expect(first).toBeLessThanOrEqual(before + 1)
    expect(epochs).toEqual(Array.from({ length: EPOCHS - first + 1 }, (_, i) => first + i))
    expect(finished.status).toBe('finished')
    expect(await stateOf(id, experiment)).toEqual(await stateOf(whole, experiment))
    expect(await digitsOf(id)).toEqual(await digitsOf(whole))
    expect(finished.models).toEqual((await lab.calls.openRun(whole)).file.models)
  }, 120_000)
})

test('a run that another living process trains is seen, followed and left alone', async () => {
  lab = openLab(home, plainTrainer)
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs: 200 } }), 'slow')
  await lab.calls.stopRun(id)
  await lab.whenEnded(id)
  const other = await applicationTrains(plainTrainer, id)

  expect((await lab.calls.listRuns()).find((run) => run.id === id)?.state).toBe('running')
  for (const call of ['pauseRun', 'stopRun', 'continueRun', 'deleteRun'] as const) {
    await expect(lab.calls[call](id)).rejects.toMatchObject({ kind: 'busy' })
  }
  const heard = await nextEvent(lab, 'epochEnded', (epoch) => epoch.id === id)
  expect(heard.digits).toHaveLength(2 * 20 * 784)
  await killed(other)
  await nextEvent(lab, 'runChanged', (run) => run.id === id && run.state === 'interrupted')
})

test('a finished run is not continued', async () => {
  lab = openLab(home, plainTrainer)
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs: 1 } }), 'cpu')
  await lab.whenEnded(id)
  await expect(lab.calls.continueRun(id)).rejects.toMatchObject({ kind: 'bad-value' })
})

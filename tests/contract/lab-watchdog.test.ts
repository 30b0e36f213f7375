// Real trainers that are stopped, slow, or die with all epochs done: nothing healthy is ended, and nothing trained counts as failed.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import { readRunFile } from '../../src/main/lab/run-folder'
import type { SpawnTrainer } from '../../src/main/lab/child-process'
import { buildEntry, removeEntry } from '../fixtures/engines/build-entry'
import { keptLog, makeHome, nextEvent, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

/** Twice as long as a sign of life takes. */
const PATIENCE = { hangSeconds: 2, busySeconds: 600 }
/** Several times the patience. */
const STOPPED_SECONDS = 6
let entry: string
let home: TestHome
let lab: Lab
let pids: number[]
let log: ReturnType<typeof keptLog>

beforeAll(async () => {
  entry = await buildEntry('engines/plain-trainer')
})
afterAll(() => removeEntry(entry))
beforeEach(async () => {
  home = await makeHome()
  pids = []
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

function open(device: string): void {
  log = keptLog()
  const spawn: SpawnTrainer = () => {
    const process = forkTrainer(entry)()
    pids.push(process.pid as number)
    return process
  }
  lab = openLab(home, offering(spawn, device), { patience: PATIENCE, log })
}

test('a trainer that is stopped for long goes on, and its time does not count', async ({ skip }) => {
  open('slow')
  skip(process.platform === 'win32', 'Windows has no SIGSTOP')
  const began = performance.now()
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs: 12 } }), 'slow')
  await nextEvent(lab, 'epochEnded')
  const pid = pids[0] as number
  process.kill(pid, 'SIGSTOP')
  await sleep(STOPPED_SECONDS * 1000)
  process.kill(pid, 'SIGCONT')
  const next = await nextEvent(lab, 'stepProgress', ({ secondsLeft }) => secondsLeft > 0)
  const ended = await lab.whenEnded(id)
  const wall = (performance.now() - began) / 1000
  expect(ended).toMatchObject({ status: 'finished', error: null })
  expect(pids).toHaveLength(1)
  expect(ended.seconds).toBeLessThan(wall - STOPPED_SECONDS + 1)
  expect(next.secondsPerEpoch).toBeLessThan(STOPPED_SECONDS)
})

test('a trainer that computes in silence for several times the patience is left alone', async () => {
  open('computing')
  const id = await lab.calls.startRun(smallExperiment(), 'computing')
  expect(await lab.whenEnded(id)).toMatchObject({ status: 'finished', error: null })
  expect(pids).toHaveLength(1)
})

test('a run whose epochs are all done is finished although its trainer dies measuring it, and measured when it is continued', async () => {
  open('unmeasurable')
  const id = await lab.calls.startRun(smallExperiment(), 'unmeasurable')
  const unmeasured = await lab.whenEnded(id)
  expect(unmeasured).toMatchObject({ status: 'finished', error: { kind: 'trainer-crashed' } })
  expect(unmeasured.models[0]?.metrics).toMatchObject({ mse: expect.any(Number), psnr: null, ssim: null })
  expect(unmeasured.models[0]?.history.valLoss).toHaveLength(4)
  expect(await readRunFile(lab.folderOf(id))).toEqual(unmeasured)
  expect(log.lines.join('\n')).toMatch(/warn The quality of run .* could not be measured: The trainer process ended/)
  await lab.close()

  open('cpu')
  await lab.calls.continueRun(id, 'cpu')
  const measured = await lab.whenEnded(id)
  expect(measured).toMatchObject({ status: 'finished', error: null, seconds: unmeasured.seconds })
  expect(measured.models.map(({ history }) => history)).toEqual(unmeasured.models.map(({ history }) => history))
  expect(measured.models[0]?.metrics).toMatchObject({ psnr: expect.any(Number), ssim: expect.any(Number) })
  await expect(lab.calls.continueRun(id, 'cpu')).rejects.toMatchObject({ kind: 'bad-value' })
})

test('a run that was stopped stays stopped although its trainer dies measuring it', async () => {
  open('unmeasurable')
  const id = await lab.calls.startRun(smallExperiment({ base: { epochs: 500 } }), 'unmeasurable')
  await nextEvent(lab, 'epochEnded')
  await lab.calls.stopRun(id)
  expect(await lab.whenEnded(id)).toMatchObject({ status: 'stopped', error: { kind: 'trainer-crashed' } })
})

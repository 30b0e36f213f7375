// What becomes of a run where the disk does not take what it writes, or loses what it has written.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LabError } from '@shared/errors'
import { epochsDone } from '@shared/run'
import { createActiveRun, type RunListeners } from '../../../src/main/lab/active-run'
import type { Claim } from '../../../src/main/lab/claim'
import { claimRun } from '../../../src/main/lab/owner'
import { readRunFile, runFolderFiles } from '../../../src/main/lab/run-folder'
import type { Supervisor, TrainingEnded } from '../../../src/main/lab/supervisor'
import type { TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

const full = new LabError('disk-full', 'The disk is full')
const finished: TrainingEnded = { type: 'ended', status: 'finished', quality: null, pcaMse: null, seconds: 1 }
const losses = { trainLoss: [0.3], valLoss: [0.2], valMse: [0.1] }

let folder: string
let claim: Claim
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-active-disk-'))
  claim = await claimRun(folder, 'queued')
})
afterEach(async () => {
  await claim.release()
  await rm(folder, { recursive: true, force: true })
})

/** A run of two epochs, of which so many are complete, with a trainer whose words and end are the test's. */
async function train(options: { done?: number; held?: Partial<Claim>; next?: RunListeners['devices']['next'] } = {}) {
  const { done = 0, held = {}, next = async () => null } = options
  const initial = fixtureRun({ latentDims: [2], epochs: 2, epochsDone: done, status: 'running' })
  const devices = { refusal: async () => null, next }
  const run = createActiveRun({ ...claim, ...held }, initial, {
    emit: () => undefined,
    log: keptLog(),
    devices,
    onEnd: () => undefined
  })
  const ends: { resolve(end: TrainingEnded): void; reject(error: LabError): void }[] = []
  let say: (event: TrainerEvent) => void = () => undefined
  const none = () => undefined
  const supervisor: Pick<Supervisor, 'train'> = {
    train(_job, onEvent) {
      say = onEvent
      const ended = new Promise<TrainingEnded>((resolve, reject) => ends.push({ resolve, reject }))
      return { pause: none, resume: none, stop: none, recorded: none, ended }
    }
  }
  const ended = run.train(supervisor as Supervisor, { device: 'webgpu' } as TrainJob)
  await vi.waitFor(() => expect(ends).toHaveLength(1))
  const epoch = (number: number) =>
    say({ type: 'epochEnded', epoch: number, digits: new Uint8Array(8), seconds: 1, ...losses })
  return { run, ends, ended, epoch }
}

const blockRunFile = () => mkdir(join(runFolderFiles(folder).run, 'in the way'), { recursive: true })

test('a run whose end can’t be written down has not finished', async () => {
  const { run, ends, ended } = await train({ done: 2 })
  await blockRunFile()
  ends[0]?.resolve(finished)
  await ended
  expect(run.file).toMatchObject({ status: 'failed', error: { kind: 'not-writable' } })
})

test('other processes that can’t be told what it does are no reason to end it', async () => {
  const { run, ends, ended, epoch } = await train({ held: { write: () => Promise.reject(full) } })
  epoch(1)
  epoch(2)
  ends[0]?.resolve(finished)
  await ended
  expect(run.file).toMatchObject({ status: 'finished', error: null })
  expect(await readRunFile(folder)).toMatchObject({ status: 'finished' })
})

test('without its checkpoint it does not begin anew elsewhere, which would overwrite its epochs', async () => {
  const { run, ends, ended } = await train({
    done: 1,
    next: async () => ({ device: 'cpu', title: 'CPU', hardware: 'CPU', why: 'next' })
  })
  ends[0]?.reject(new LabError('device-lost', 'The device is lost'))
  await ended
  expect(ends).toHaveLength(1)
  expect(run.file).toMatchObject({ status: 'failed', error: { kind: 'not-found' } })
  expect(run.file.error?.problem).toContain('The checkpoint of the run is missing')
  expect(epochsDone(await readRunFile(folder))).toBe(1)
})

test('what it has recorded is what lies on the disk', async () => {
  const { run, ends, ended, epoch } = await train()
  epoch(1)
  expect([epochsDone(run.file), epochsDone(run.recorded)]).toEqual([1, 0])
  await vi.waitFor(() => expect(epochsDone(run.recorded)).toBe(1))
  expect(epochsDone(await readRunFile(folder))).toBe(1)
  ends[0]?.resolve({ ...finished, status: 'stopped' })
  await ended
})

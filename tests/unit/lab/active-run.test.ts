import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LabListener } from '@shared/rpc'
import type { RunSummary } from '@shared/run'
import { createActiveRun, type ActiveRun } from '../../../src/main/lab/active-run'
import { claimRun } from '../../../src/main/lab/owner'
import { readRunFile, runFolderFiles } from '../../../src/main/lab/run-folder'
import type { Supervisor, TrainingEnded } from '../../../src/main/lab/supervisor'
import type { TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

const last: TrainingEnded = { type: 'ended', status: 'stopped', quality: null, pcaMse: null, seconds: 1 }
let folder: string
let run: ActiveRun
/** Events as the trainer would send them. */
let hear: (event: TrainerEvent) => void
let endTraining: () => void
let ended: Promise<void>
/** Names that were told, in order. */
let names: string[]
/** How often the trainer was asked to stop. */
let stops: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-active-'))
  const claim = await claimRun(folder, 'queued')
  names = []
  stops = 0
  let begun = false
  const emit: LabListener = (event, payload) => {
    if (event === 'runChanged') names.push((payload as RunSummary).name)
  }
  const listeners = {
    emit,
    log: keptLog(),
    devices: { refusal: async () => null, next: async () => null },
    onEnd: () => undefined
  }
  run = createActiveRun(claim, fixtureRun({ latentDims: [2], epochs: 2, epochsDone: 0, status: 'running' }), listeners)
  const end = new Promise<TrainingEnded>((resolve) => (endTraining = () => resolve(last)))
  const ignore = () => undefined
  const supervisor: Pick<Supervisor, 'train'> = {
    train(_job, onEvent) {
      hear = onEvent
      begun = true
      return { pause: ignore, resume: ignore, stop: () => void stops++, recorded: ignore, ended: end }
    }
  }
  ended = run.train(supervisor as Supervisor, {} as TrainJob)
  await vi.waitFor(() => expect(begun).toBe(true))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('once a new name is announced the old one is not announced again', async () => {
  const losses = { trainLoss: [0.3], valLoss: [0.2], valMse: [0.1] }
  const epoch = (number: number) =>
    hear({ type: 'epochEnded', epoch: number, digits: new Uint8Array(8), seconds: 1, ...losses })
  epoch(1)
  const renamed = run.rename('New')
  epoch(2)
  await renamed
  endTraining()
  await ended
  expect(names.slice(names.indexOf('New')).every((name) => name === 'New')).toBe(true)
  expect(names.length - names.indexOf('New')).toBe(3) // the rename, the second epoch, the end
  expect((await readRunFile(folder)).experiment.name).toBe('New')
})

test('what is heard and asked while a run ends does not claim its folder again', async () => {
  endTraining()
  for (let turn = 0; turn < 50; turn++) {
    hear({ type: turn % 2 === 0 ? 'paused' : 'resumed' })
    await Promise.resolve()
  }
  await ended
  hear({ type: 'paused' })
  await run.rename('Too late')
  await expect(access(runFolderFiles(folder).owner)).rejects.toThrow()
  expect((await readRunFile(folder)).status).toBe('stopped')
})

test('a run that another has taken meanwhile ends without a word in its folder', async () => {
  const { owner } = runFolderFiles(folder)
  const other = { ...JSON.parse(await readFile(owner, 'utf8')), pid: 7, token: 'another' }
  const place = { ...other.place, host: 'marvin' }
  await writeFile(owner, JSON.stringify({ ...other, place }))
  const losses = { trainLoss: [0.3], valLoss: [0.2], valMse: [0.1] }
  hear({ type: 'epochEnded', epoch: 1, digits: new Uint8Array(8), seconds: 1, ...losses })
  await vi.waitFor(() => expect(stops).toBe(1))
  endTraining()
  await ended
  expect(run.file).toMatchObject({
    status: 'failed',
    error: { kind: 'busy', problem: 'This run has been taken over by process 7 on marvin' }
  })
  expect(await readdir(folder)).toEqual(['owner.json'])
  expect(JSON.parse(await readFile(owner, 'utf8'))).toMatchObject({ token: 'another' })
})

test('a run whose epochs are all trained is not stopped any more', async () => {
  hear({ type: 'finishing', status: 'finished' })
  await vi.waitFor(() => expect(run.state).toBe('finishing'))
  run.stop()
  expect([run.state, stops]).toEqual(['finishing', 0])
  endTraining()
  await ended
  expect(run.state).toBe('stopped') // as the trainer of this test says
})

test('a rename that comes while a run ends is either in its file or refused', async () => {
  endTraining()
  const renames: Promise<boolean>[] = []
  for (let turn = 0; turn < 20; turn++) {
    renames.push(run.rename(`Name ${turn}`))
    await Promise.resolve()
  }
  await ended
  const lastDone = (await Promise.all(renames)).lastIndexOf(true)
  expect((await readRunFile(folder)).experiment.name).toBe(`Name ${lastDone}`)
  expect(await run.rename('Too late')).toBe(false)
})

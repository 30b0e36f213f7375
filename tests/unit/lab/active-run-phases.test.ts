// What a run does and says while it is steered, while its device fails, and while its folder can't be written.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LabError } from '@shared/errors'
import type { LabListener } from '@shared/rpc'
import type { RunFile, RunState, RunSummary } from '@shared/run'
import { createActiveRun, type ActiveRun } from '../../../src/main/lab/active-run'
import type { ChosenDevice } from '../../../src/main/lab/device-list'
import { claimRun } from '../../../src/main/lab/owner'
import { runFolderFiles } from '../../../src/main/lab/run-folder'
import type { Supervisor, TrainingEnded } from '../../../src/main/lab/supervisor'
import type { TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'
import { keptLog } from '../../fixtures/lab'
import { fixtureDevice } from '../../fixtures/device'
import { fixtureRun } from '../../fixtures/run-file'

interface FakeTraining {
  job: TrainJob
  hear(event: TrainerEvent): void
  /** What it was asked for, in order. */
  asked: string[]
  end(status: 'finished' | 'stopped'): void
  fail(error: LabError): void
}

const lost = new LabError('device-lost', 'The GPU was lost')
const other: ChosenDevice = { device: 'webgpu', title: 'WebGPU', hardware: 'GPU', why: 'the next best after a failure' }

let folder: string
let run: ActiveRun
let open: (changes?: Partial<RunFile>) => void
let trainings: FakeTraining[]
/** States that were told, in order, without repetitions. */
let states: RunState[]
/** Says where a run whose device has failed goes on; called once the lab has asked. */
let goOnOn: ((device: ChosenDevice | null) => void) | null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-phases-'))
  const claim = await claimRun(folder, 'queued')
  trainings = []
  states = []
  goOnOn = null
  const emit: LabListener = (event, payload) => {
    const { state } = payload as RunSummary
    if (event === 'runChanged' && states[states.length - 1] !== state) states.push(state)
  }
  const next = () => new Promise<ChosenDevice | null>((resolve) => (goOnOn = resolve))
  open = (changes = {}) => {
    const file = fixtureRun({ latentDims: [2], epochs: 2, epochsDone: 0, status: 'running' })
    const devices = { refusal: async () => null, next }
    run = createActiveRun(claim, { ...file, ...changes }, { emit, log: keptLog(), devices, onEnd: () => undefined })
  }
  open()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const supervisor: Pick<Supervisor, 'train'> = {
  train(job, hear) {
    const asked: string[] = []
    const note = (what: string) => () => void asked.push(what)
    const ended = new Promise<TrainingEnded>((resolve, reject) => {
      const end = (status: 'finished' | 'stopped') =>
        resolve({ type: 'ended', status, quality: null, pcaMse: null, seconds: 1 })
      trainings.push({ job, hear, asked, end, fail: reject })
    })
    return { pause: note('pause'), resume: note('resume'), stop: note('stop'), recorded: note('recorded'), ended }
  }
}
const train = () => run.train(supervisor as Supervisor, { device: 'cpu' } as TrainJob)

async function nthTraining(count: number): Promise<FakeTraining> {
  await vi.waitFor(() => expect(trainings).toHaveLength(count))
  return trainings[count - 1] as FakeTraining
}

/** The run's first device fails; nothing is decided yet about the next. */
async function loseDevice(training: FakeTraining): Promise<void> {
  training.fail(lost)
  await vi.waitFor(() => expect(goOnOn).not.toBeNull())
}

/** A folder in the place of a file stops every user from writing it, root included. */
async function block(path: string): Promise<void> {
  await rm(path, { force: true })
  await mkdir(path)
}

function started({ hear }: FakeTraining): void {
  const { dataset, bounds } = run.file
  hear({ type: 'started', dataset, bounds, history: [], seconds: 0, device: fixtureDevice('cpu') })
}

describe('phases', () => {
  test('from the queue to a stop, told and written down', async () => {
    run.queued()
    const ended = train()
    const training = await nthTraining(1)
    started(training)
    run.pause()
    training.hear({ type: 'paused' })
    run.resume()
    training.hear({ type: 'resumed' })
    run.stop()
    expect(training.asked).toEqual(['pause', 'resume', 'stop'])
    await vi.waitFor(async () => {
      expect(JSON.parse(await readFile(runFolderFiles(folder).owner, 'utf8'))).toMatchObject({ state: 'stopping' })
    })
    training.end('stopped')
    await ended
    expect(states).toEqual(['queued', 'preparing', 'running', 'paused', 'preparing', 'stopping', 'stopped'])
  })

  test('a run that waits is neither paused nor resumed', async () => {
    run.pause()
    run.resume()
    expect(run.state).toBe('queued')
    run.pause()
    const ended = train()
    const training = await nthTraining(1)
    expect(training.asked).toEqual([])
    training.end('finished')
    await ended
    expect(run.state).toBe('finished')
  })

  test('a run that is paused before its trainer is there begins paused', async () => {
    const ended = train()
    run.pause()
    expect(run.state).toBe('paused')
    const training = await nthTraining(1)
    expect(training.asked).toEqual(['pause'])
    training.end('stopped')
    await ended
  })

  test('a run does not end before it began, however the clock was set meanwhile', async () => {
    const createdAt = '2999-12-31T23:00:00.000Z'
    open({ createdAt })
    await run.abandon()
    expect(run.file.endedAt?.slice(0, 19)).toBe('2999-12-31T23:00:00')
  })

  test.each<[string, (training: FakeTraining) => void | Promise<void>]>([
    ['its trainer dies', ({ fail }) => fail(new LabError('internal', 'Died'))],
    ['the application closes', () => run.abandon()]
  ])('a run whose epochs are all done is finished when %s before its quality is known', async (_, die) => {
    const ended = train()
    const training = await nthTraining(1)
    started(training)
    const losses = { trainLoss: [0.1], valLoss: [0.1], valMse: [0.01], digits: new Uint8Array(), seconds: 1 }
    for (const epoch of [1, 2]) training.hear({ type: 'epochEnded', epoch, ...losses })
    await die(training)
    training.fail(new LabError('busy', 'The application is closing'))
    await vi.waitFor(() => expect(goOnOn !== null || run.state === 'finished').toBe(true))
    goOnOn?.(null)
    await ended
    expect(run.file).toMatchObject({ status: 'finished', models: [{ metrics: { mse: 0.01, psnr: null, ssim: null } }] })
  })

  test('a run that waits and is abandoned counts as stopped', async () => {
    await run.abandon()
    expect(run.file.status).toBe('stopped')
  })

  test('a run whose trainer will be killed counts as stopped, also where a stop comes after', async () => {
    const ended = train()
    const training = await nthTraining(1)
    await run.abandon()
    run.stop()
    expect([run.state, training.asked]).toEqual(['stopping', []])
    training.fail(new LabError('busy', 'The application is closing'))
    await ended
    expect(run.file).toMatchObject({ status: 'stopped', error: null })
  })
})

describe('while a run goes to another device', () => {
  test('a pause holds for the next trainer', async () => {
    const ended = train()
    const first = await nthTraining(1)
    started(first)
    await loseDevice(first)
    run.pause()
    expect([run.state, first.asked]).toEqual(['paused', []])
    goOnOn?.(other)
    const second = await nthTraining(2)
    expect([run.state, second.asked, second.job.device]).toEqual(['paused', ['pause'], 'webgpu'])
    second.end('stopped')
    await ended
  })

  test('a pause that the failing trainer did not obey any more holds as well', async () => {
    const ended = train()
    const first = await nthTraining(1)
    started(first)
    run.pause()
    await loseDevice(first)
    goOnOn?.(other)
    const second = await nthTraining(2)
    expect([run.state, second.asked]).toEqual(['paused', ['pause']])
    second.end('stopped')
    await ended
  })

  test('a paused run that is resumed goes on', async () => {
    const ended = train()
    const first = await nthTraining(1)
    started(first)
    run.pause()
    first.hear({ type: 'paused' })
    await loseDevice(first)
    run.resume()
    goOnOn?.(other)
    const second = await nthTraining(2)
    expect([run.state, second.asked]).toEqual(['preparing', []])
    second.end('finished')
    await ended
    expect(run.file).toMatchObject({ status: 'finished', device: 'webgpu' })
  })

  test('a stop ends it, and no other trainer begins', async () => {
    const ended = train()
    await loseDevice(await nthTraining(1))
    run.stop()
    goOnOn?.(other)
    await ended
    expect(trainings).toHaveLength(1)
    expect(run.file.segments).toHaveLength(1)
  })
})

describe('a run whose folder can’t be written', () => {
  test('fails before it trains on another device', async () => {
    const ended = train()
    await loseDevice(await nthTraining(1))
    await block(runFolderFiles(folder).run)
    goOnOn?.(other)
    await ended
    expect(trainings).toHaveLength(1)
    expect(run.file).toMatchObject({ status: 'failed', error: { kind: 'not-writable' } })
  })

  test('is stopped where it trains, and fails', async () => {
    const ended = train()
    const training = await nthTraining(1)
    await block(runFolderFiles(folder).run)
    started(training)
    await vi.waitFor(() => expect(training.asked).toEqual(['stop']))
    training.end('stopped')
    await ended
    expect(run.file).toMatchObject({ status: 'failed', error: { kind: 'not-writable' } })
  })
})

// How a command that trains ends: what it prints, what it leaves, its exit code. The lab is one that only tells its end.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { train } from '../../../src/main/cli/follow-run'
import type { Lab } from '../../../src/main/lab/lab'
import type { EpochEnded, LabCalls } from '../../../src/shared/contract'
import { LabError } from '../../../src/shared/errors'
import type { LabListener } from '../../../src/shared/rpc'
import type { RunFile, RunState, TrainingSegment } from '../../../src/shared/run'
import { summaryOf } from '../../../src/main/lab/run-file'
import { keptHost } from '../../fixtures/cli-host'
import { fixtureRun } from '../../fixtures/run-file'

const folder = mkdtempSync(join(tmpdir(), 'train-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readOnly = new LabError('not-writable', 'run.json could not be written', { found: 'a read-only disk' }).data
const epoch: EpochEnded = {
  id: '',
  epoch: 1,
  trainLoss: [0.2],
  valLoss: [0.1],
  valMse: [0.1],
  digits: new Uint8Array(),
  seconds: 1
}

interface Scene {
  end: RunFile
  epochsBefore?: number | null
  json?: boolean
  calls?: Partial<LabCalls>
  writeReport?: Lab['writeReport']
  isReported?: boolean
  /** Whose epoch is told while the run trains. */
  epochOf?: string
  started?: Promise<string>
  /** What the run is at each change that the lab tells of. */
  changes?: { state: RunState; file: RunFile }[]
}

async function follow({
  end,
  writeReport = async () => '',
  isReported = false,
  epochsBefore = null,
  json = true,
  calls = {},
  epochOf,
  started,
  changes = []
}: Scene) {
  const deleted: string[] = []
  let tell: LabListener = () => undefined
  const lab = {
    calls: {
      deleteRun: async (id: string) => void deleted.push(id),
      ...calls
    },
    subscribe(listener: LabListener) {
      tell = listener
      return () => undefined
    },
    writeReport,
    isReported: () => isReported,
    folderOf: (id: string) => join(folder, id),
    async whenEnded() {
      for (const { state, file } of changes) {
        if (!calls.openRun) lab.calls.openRun = async () => ({ file, state, progress: null, owner: null })
        tell('runChanged', summaryOf(file, state))
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (epochOf !== undefined) tell('epochEnded', { ...epoch, id: epochOf })
      return end
    }
  } as unknown as Lab
  const { host, written } = keptHost({
    createLab: () => lab,
    onInterrupt(listener) {
      interrupt = listener
      return () => undefined
    },
    endNow: (code) => void endedNow.push(code)
  })
  const code = await train({
    host,
    lab,
    experiment: end.experiment,
    json,
    epochsBefore,
    start: () => started ?? Promise.resolve(end.id)
  })
  const lines = written.stdout.split('\n').filter(Boolean)
  return { code, lines, deleted, stderr: written.stderr, events: json ? lines.map((line) => JSON.parse(line)) : [] }
}

let interrupt: () => void
let endedNow: number[]
beforeEach(() => {
  endedNow = []
})
afterEach(() => vi.useRealTimers())

const run = (epochsDone: number, changes: Parameters<typeof fixtureRun>[0] = {}) =>
  fixtureRun({ latentDims: [2], epochs: 5, epochsDone, ...changes })

it('a failure after an epoch of this command is 1, whatever its kind: finished says failed and why', async () => {
  const { code, events, deleted, stderr } = await follow({ end: run(2, { status: 'failed', error: readOnly }) })
  expect({ code, deleted }).toEqual({ code: 1, deleted: [] })
  expect(events).toMatchObject([{ event: 'finished', status: 'failed', id: 'fixture-0001', error: readOnly }])
  expect(stderr).toBe('run.json could not be written: found a read-only disk.\n')
})

it('bad input before the first epoch of a new run is 2 and leaves nothing, on stdout neither', async () => {
  const ended = await follow({ end: run(0, { status: 'failed', error: readOnly }) })
  expect(ended).toMatchObject({ code: 2, lines: [], deleted: ['fixture-0001'] })
})

it('bad input before the first epoch of a run that goes on is 2; the run stays and is told', async () => {
  const { code, events, deleted } = await follow({
    end: run(3, { status: 'failed', error: readOnly }),
    epochsBefore: 3
  })
  expect({ code, deleted }).toEqual({ code: 2, deleted: [] })
  expect(events).toMatchObject([{ event: 'finished', status: 'failed', error: { kind: 'not-writable' } }])
})

it('a report that can’t be written is 1: the run is told all the same', async () => {
  const writeReport = () => Promise.reject(LabError.from(readOnly))
  const { code, events, stderr } = await follow({ end: run(5), writeReport })
  expect(code).toBe(1)
  expect(events).toMatchObject([{ event: 'finished', status: 'finished', error: readOnly }])
  expect(stderr).toContain('run.json could not be written')
  const plain = await follow({ end: run(5), writeReport, json: false })
  expect(plain.lines.join('\n')).toMatch(/finished: 5 of 5 epochs/)
  expect(plain.lines.join('\n')).not.toContain('report.pdf')
})

it('a report of an earlier end is no report of this one', async () => {
  mkdirSync(join(folder, 'fixture-0001'), { recursive: true })
  writeFileSync(join(folder, 'fixture-0001', 'report.pdf'), 'of epoch 3')
  const writeReport = () => Promise.reject(LabError.from(readOnly))
  const { code, lines } = await follow({ end: run(5), epochsBefore: 3, writeReport, json: false })
  expect(code).toBe(1)
  expect(lines.join('\n')).not.toContain('report.pdf')
  const reported = await follow({ end: run(5), epochsBefore: 3, writeReport, isReported: true, json: false })
  expect(reported.code).toBe(0)
  expect(reported.lines.join('\n')).toContain('report.pdf')
})

it('a run whose folder has gone ends with its own reason, and with no rejection that nobody handles', async () => {
  const gone = () => Promise.reject(new LabError('not-found', 'There is no run'))
  const rejected = vi.fn()
  process.on('unhandledRejection', rejected)
  const end = run(0, { status: 'failed', error: readOnly })
  const changes = [{ state: 'running' as const, file: end }]
  const { code, stderr } = await follow({ end, changes, calls: { deleteRun: gone, openRun: gone } })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', rejected)
  expect(code).toBe(2)
  expect(stderr).toBe('run.json could not be written: found a read-only disk.\n')
  expect(rejected).not.toHaveBeenCalled()
})

it('only epochs of its own run are told', async () => {
  expect((await follow({ end: run(5), epochOf: 'fixture-0001' })).events).toHaveLength(2)
  expect((await follow({ end: run(5), epochOf: 'another' })).events).toHaveLength(1)
})

it('an interrupt ends a run that does not come to its start; one that does is stopped', async () => {
  vi.useFakeTimers()
  const stopped: string[] = []
  const calls = { stopRun: async (id: string) => void stopped.push(id) }
  let begin: (id: string) => void = () => undefined
  const started = new Promise<string>((resolve) => (begin = resolve))
  const followed = follow({ end: run(0, { status: 'stopped' }), calls, started })
  interrupt()
  await vi.advanceTimersByTimeAsync(4_000)
  expect(endedNow).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(endedNow).toEqual([130])
  begin('fixture-0001')
  expect((await followed).code).toBe(130)
  expect(stopped).toEqual(['fixture-0001'])
})

it('a second interrupt ends at once, on a line of its own', async () => {
  let begin: (id: string) => void = () => undefined
  const started = new Promise<string>((resolve) => (begin = resolve))
  const calls = { stopRun: async () => undefined }
  const followed = follow({ end: run(0, { status: 'stopped' }), json: false, calls, started })
  interrupt()
  interrupt()
  expect(endedNow).toEqual([130])
  begin('fixture-0001')
  expect((await followed).stderr).toMatch(/Ctrl-C again ends at once\nEnded without waiting\n/)
})

describe('where a run trains', () => {
  const segment = (device: string, title: string, firstEpoch: number, why: string): TrainingSegment => {
    return { device, title, hardware: title, firstEpoch, why, error: null }
  }
  const gpu = segment('webgpu', 'A GPU', 1, 'fastest of 2 measured')
  const lost = { ...gpu, error: new LabError('device-lost', 'The device was lost').data }
  const cpu = segment('cpu', 'CPU', 3, 'the next best after a failure')
  const first = { ...run(0), device: 'webgpu', segments: [gpu] }
  const second = { ...run(2), device: 'cpu', segments: [lost, cpu] }
  const changes: Scene['changes'] = [
    { state: 'preparing', file: first },
    { state: 'running', file: first },
    { state: 'running', file: { ...first, models: run(1).models } },
    { state: 'preparing', file: second },
    { state: 'running', file: second }
  ]
  const moved =
    'A GPU failed: The device was lost. Training went on after epoch 2 on CPU (cpu). ' +
    'From there the figures agree with those of the other device to rounding, not bit for bit.\n'

  it('is the first line, and is told again when it goes on elsewhere', async () => {
    const { stderr } = await follow({ end: run(5), json: false, changes })
    expect(stderr).toBe(`Training on A GPU (webgpu): fastest of 2 measured\n${moved}`)
  })

  it('with --json only the move is told on stderr, and finished names the last device', async () => {
    const { stderr, events } = await follow({ end: { ...run(5), ...second }, changes })
    expect(stderr).toBe(moved)
    expect(events).toMatchObject([{ event: 'finished', device: 'cpu' }])
  })

  it('is not told of a run that fails before it trains', async () => {
    const { stderr } = await follow({ end: run(5), json: false, changes: changes.slice(0, 1) })
    expect(stderr).toBe('')
  })
})

it('a run that could not be measured is finished all the same: why, a dash for each figure, and how to measure it', async () => {
  const error = new LabError('trainer-crashed', 'The trainer process ended unexpectedly').data
  const end = run(5, { error })
  const models = end.models.map((model) => ({ ...model, metrics: model.metrics && { ...model.metrics, psnr: null } }))
  const { code, lines, stderr } = await follow({ end: { ...end, models }, json: false })
  expect(code).toBe(0)
  expect(stderr).toContain('The quality could not be measured. The trainer process ended unexpectedly.\n')
  expect(lines.join('\n')).toMatch(/–[^]*finished: 5 of 5 epochs[^]*measure with .* continue fixture-0001/)
})

// What is told of analyses, and what becomes of those whose run goes.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Analysis, AnalysisProgress, AnalysisRequest } from '../../../src/shared/analysis'
import type { AnalysisEvent } from '../../../src/main/analysis/messages'
import { createAnalyses } from '../../../src/main/lab/analyses'
import type { AnalysisCache } from '../../../src/main/lab/analysis-cache'
import type { LabListener } from '../../../src/shared/rpc'
import type { ChildExit, SpawnAnalysis } from '../../../src/main/lab/child-process'
import { keptLog, makeHome, type TestHome } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

const file = fixtureRun({ latentDims: [2, 8] })
const analysis: Analysis = { ...{ kind: 'claims', epoch: 3, images: 10, seeds: 1 }, ...{ resamples: 5, series: [], steps: [], noise: [] } } // prettier-ignore
const ended: ChildExit = { code: null, signal: 'SIGKILL', stderr: '' }
let home: TestHome
let folder: string
/** What the process of the analysis says, and how it ends. */
let say: (event: AnalysisEvent) => void
let exit: (exit: ChildExit) => void
let killed: boolean

beforeEach(async () => {
  home = await makeHome()
  folder = join(home.folder, 'run')
  await mkdir(folder)
  killed = false
})
afterEach(() => home.remove())

const spawn: SpawnAnalysis = () => ({
  pid: 1,
  send: () => undefined,
  onEvent: (listener) => (say = listener),
  onExit: (listener) => (exit = listener),
  kill: () => (killed = true)
})

function open(cache: AnalysisCache, emit: LabListener = () => undefined) {
  const options = { spawn, cache, dataFolder: () => '', emit, isTraining: () => false, log: keptLog() }
  return createAnalyses(options)
}

const nothingKept: AnalysisCache = { read: async () => null, write: async () => undefined }

/** Whether it has resolved, told by a function. */
function watched(promise: Promise<void>): () => boolean {
  let done = false
  void promise.then(() => (done = true))
  return () => done
}

const aWhile = () => new Promise<void>((resolve) => setImmediate(resolve))

it('release ends those of the run and waits for the end of the process, which may have its files open', async () => {
  const analyses = open(nothingKept)
  const answers = (['claims', 'codes'] as const).map((kind) =>
    analyses.analyse({ folder, file }, { kind, epoch: null })
  )
  await vi.waitFor(() => expect(say).toBeDefined())
  await aWhile()
  const isReleased = watched(analyses.release(file.id))
  expect(killed).toBe(true)
  await aWhile()
  expect(isReleased()).toBe(false)
  exit(ended)
  expect(await Promise.all(answers)).toEqual([null, null])
  await vi.waitFor(() => expect(isReleased()).toBe(true))
})

it('tells that one is done once it is stored', async () => {
  const told: unknown[] = []
  const write = vi.fn(async () => void told.push('written'))
  const analyses = open({ ...nothingKept, write }, (_, payload) => told.push((payload as AnalysisProgress).share))
  const answer = analyses.analyse({ folder, file }, { kind: 'claims', epoch: null })
  await vi.waitFor(() => expect(say).toBeDefined())
  await aWhile()
  say({ type: 'progress', share: 0.5, step: 'noise' })
  say({ type: 'analysed', analysis })
  await answer
  expect(told).toEqual([0.5, 'written', 1])
})

it('release waits for what is being written', async () => {
  let written: () => void = () => undefined
  const write = vi.fn(() => new Promise<void>((resolve) => (written = resolve)))
  const analyses = open({ ...nothingKept, write })
  const answer = analyses.analyse({ folder, file }, { kind: 'claims', epoch: null })
  await vi.waitFor(() => expect(say).toBeDefined())
  await aWhile()
  say({ type: 'analysed', analysis })
  await vi.waitFor(() => expect(write).toHaveBeenCalled())
  const isReleased = watched(analyses.release(file.id))
  await aWhile()
  expect(isReleased()).toBe(false)
  written()
  expect(await answer).toEqual(analysis)
  await vi.waitFor(() => expect(isReleased()).toBe(true))
})

it('keeps the order of asking, however long it takes to look up what is stored', async () => {
  let slow: () => void = () => undefined
  const read: AnalysisCache['read'] = (_folder, _file, { kind }) =>
    kind === 'codes' ? new Promise((resolve) => (slow = () => resolve(null))) : Promise.resolve(null)
  const told: AnalysisProgress[] = []
  const analyses = open({ ...nothingKept, read }, (_, payload) => told.push(payload as AnalysisProgress))
  const requests: AnalysisRequest[] = [
    { kind: 'claims', epoch: null },
    { kind: 'codes', epoch: null },
    { kind: 'umap', epoch: null, model: 0 }
  ]
  const answers = requests.map((request) => analyses.analyse({ folder, file }, request))
  await aWhile()
  slow()
  const last = () => told.filter(({ kind }) => kind === 'umap').pop()
  await vi.waitFor(() => expect(last()).toBeDefined())
  expect(last()!.step).toBe('waits for Claims of epoch 50 and 1 more')
  analyses.close()
  exit(ended)
  expect(await Promise.all(answers)).toEqual([null, null, null])
})

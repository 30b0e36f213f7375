// When quality that is missing is measured, and when not: seen from the looks that go by.
import { afterEach, expect, test, vi } from 'vitest'
import type { RunFile } from '../../../src/shared/run'
import { summaryOf } from '../../../src/main/lab/run-file'
import { createLateMeasuring, type LateMeasuring, type LateMeasuringParts } from '../../../src/main/lab/late-measuring'
import type { QualityMeasured } from '../../../src/main/lab/supervisor'
import { storedState, type StoredRun } from '../../../src/main/lab/stored-run'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

let measuring: LateMeasuring
afterEach(() => measuring.close())

function unmeasured(id: string, changes: Partial<RunFile> = {}): StoredRun {
  const file = fixtureRun({ latentDims: [2], epochs: 2 })
  const models = file.models.map((one) => ({ ...one, metrics: one.metrics && { ...one.metrics, psnr: null } }))
  return { folder: `/runs/${id}`, file: { ...file, models, ...changes, id }, owner: null }
}

const owner = { pid: 1, processStart: null, claimedAt: 0, state: 'running' as const }
const quality = { type: 'qualityMeasured' } as QualityMeasured

function open(runs: StoredRun[], parts: Partial<LateMeasuringParts> = {}) {
  const isWatched = vi.fn(() => true)
  const list = vi.fn(async () => runs)
  const measure = vi.fn(parts.measure ?? (async () => quality))
  const keep = vi.fn(async (_: StoredRun) => undefined)
  const log = keptLog()
  measuring = createLateMeasuring({
    library: {
      async list() {
        return (await list()).map(({ file, owner }) => ({
          summary: summaryOf(file, storedState({ file, owner })),
          owner
        }))
      },
      find: async (id) => runs.find(({ file }) => file.id === id)!
    },
    keep,
    isWatched,
    isTraining: () => false,
    log,
    lookMilliseconds: 1,
    ...parts,
    measure
  })
  measuring.start()
  const looks = async (count: number) => {
    const end = isWatched.mock.calls.length + count
    await vi.waitFor(() => expect(isWatched.mock.calls.length).toBeGreaterThan(end))
  }
  const asked = () => measure.mock.calls.map(([{ file }]) => file.id)
  return { measure, keep, isWatched, log, looks, asked }
}

/** Measures until it is cut off. */
function endless() {
  const cutOff = vi.fn()
  const measure = (_: StoredRun, signal: AbortSignal) =>
    new Promise<QualityMeasured>((_, reject) => {
      signal.addEventListener('abort', () => {
        cutOff()
        reject(new Error('Cut off'))
      })
    })
  return { measure, cutOff }
}

test('each run has its turn once, the newest first; one that fails keeps none of the others from it', async () => {
  const [old, older] = ['2021', '2020'].map((year) => ({ createdAt: `${year}-01-01T00:00:00.000Z` }))
  const runs = [unmeasured('a', older), unmeasured('b'), unmeasured('c', { ...old, status: 'stopped' })]
  const { looks, log, asked, keep } = open(runs, {
    measure: async ({ file }) => {
      if (file.id === 'b') throw new Error('The checkpoint is gone')
      return quality
    }
  })
  await looks(8)
  expect(asked()).toEqual(['b', 'c', 'a'])
  expect(keep.mock.calls.map(([{ file }]) => file.id)).toEqual(['c', 'a'])
  expect(log.lines.join()).toContain('The checkpoint is gone')
})

test('failed, interrupted and measured runs are left alone', async () => {
  const { looks, asked } = open([
    unmeasured('failed', { status: 'failed' }),
    unmeasured('interrupted', { status: 'running' }),
    { ...unmeasured('measured'), file: fixtureRun() },
    unmeasured('wanted')
  ])
  await looks(4)
  expect(asked()).toEqual(['wanted'])
})

test('nothing is measured where nobody looks, or while something trains, here or elsewhere', async () => {
  const isWatched = vi.fn(() => false)
  const nobody = open([unmeasured('a')], { isWatched })
  await vi.waitFor(() => expect(isWatched.mock.calls.length).toBeGreaterThan(3))
  expect(nobody.measure).not.toHaveBeenCalled()
  await measuring.close()
  const busy = open([unmeasured('a')], { isTraining: () => true })
  await busy.looks(3)
  expect(busy.measure).not.toHaveBeenCalled()
  await measuring.close()
  const elsewhere = open([unmeasured('a'), { ...unmeasured('b', { status: 'running' }), owner }])
  await elsewhere.looks(3)
  expect(elsewhere.measure).not.toHaveBeenCalled()
})

test('what is asked for cuts measuring off and holds it off until it is done, however long that takes', async () => {
  const { measure, cutOff } = endless()
  const { looks, asked, keep, log } = open([unmeasured('a')], { measure })
  await vi.waitFor(() => expect(asked()).toEqual(['a']))
  let done: () => void = () => undefined
  const work = new Promise<void>((resolve) => (done = resolve))
  const first = measuring.goFirst(() => work)
  expect(cutOff).toHaveBeenCalledOnce()
  await looks(6)
  expect(asked()).toEqual(['a'])
  done()
  await first
  await vi.waitFor(() => expect(asked()).toEqual(['a', 'a']))
  expect(keep).not.toHaveBeenCalled()
  expect(log.lines.join()).not.toContain('could not be measured')
})

test('what is asked for waits until a quality that is being written is written', async () => {
  let written: () => void = () => undefined
  const keep = vi.fn(() => new Promise<void>((resolve) => (written = resolve)))
  open([unmeasured('a')], { keep })
  await vi.waitFor(() => expect(keep).toHaveBeenCalled())
  const work = vi.fn(async () => 'done')
  const answer = measuring.goFirst(work)
  await new Promise((resolve) => setImmediate(resolve))
  expect(work).not.toHaveBeenCalled()
  written()
  expect(await answer).toBe('done')
})

test('measuring ends where another window or command begins to train', async () => {
  const { measure, cutOff } = endless()
  const runs = [unmeasured('a')]
  const { asked } = open(runs, { measure })
  await vi.waitFor(() => expect(asked()).toEqual(['a']))
  runs.push({ ...unmeasured('b', { status: 'running' }), owner })
  await vi.waitFor(() => expect(cutOff).toHaveBeenCalled())
})

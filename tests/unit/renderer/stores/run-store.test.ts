import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, nextTick, watch } from 'vue'
import { LabError } from '@shared/errors'
import type { RunView } from '@shared/run'
import { useCursorStore } from '../../../../src/renderer/stores/cursor-store'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { TICK_MILLISECONDS } from '../../../../src/renderer/stores/ui-clock'
import { stubFrames, testLink } from '../lab-link'
import { epochEnded, runView, summaryOf } from '../run-view'

let frames: ReturnType<typeof stubFrames>

beforeEach(() => {
  setActivePinia(createPinia())
  frames = stubFrames()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function toNextTick(): void {
  vi.advanceTimersByTime(TICK_MILLISECONDS)
}

async function opened(view: RunView, calls: Parameters<typeof testLink>[0] = {}) {
  const link = testLink({ openRun: () => Promise.resolve(view), ...calls })
  await useLabStore().attach(link)
  const run = useRunStore()
  await run.open(view.file.id)
  return { link, run }
}

/** How often the view has been replaced since. */
function countCommits(run: ReturnType<typeof useRunStore>): () => number {
  let commits = 0
  watch(
    () => run.view,
    () => commits++,
    { flush: 'sync' }
  )
  return () => commits
}

it('commits all that arrives between two ticks at once', async () => {
  const { link, run } = await opened(runView(2))
  const commits = countCommits(run)
  for (const epoch of [3, 4, 5]) link.emit('epochEnded', epochEnded(epoch))
  expect(run.lastEpoch).toBe(2)
  toNextTick()
  expect([run.lastEpoch, commits()]).toEqual([5, 1])
})

it('shows the first epoch at once, and epochs that wait for the tick with a change of state', async () => {
  const { link, run } = await opened(runView(0))
  link.emit('epochEnded', epochEnded(1))
  expect(run.lastEpoch).toBe(1)
  link.emit('epochEnded', epochEnded(2))
  expect(run.lastEpoch).toBe(1)
  link.emit('runChanged', summaryOf(runView(2)))
  frames.next()
  expect(run.lastEpoch).toBe(2)
})

it('lets epochs wait for the tick though each comes with the run’s summary', async () => {
  const { link, run } = await opened(runView(2))
  link.emit('runChanged', summaryOf(runView(2))) // the first it hears
  frames.next()
  for (const epoch of [3, 4]) {
    link.emit('epochEnded', epochEnded(epoch))
    link.emit('runChanged', summaryOf(runView(epoch)))
    frames.next()
  }
  expect(run.lastEpoch).toBe(2)
  toNextTick()
  expect(run.lastEpoch).toBe(4)
})

it('ends in the state that came last, however soon after another', async () => {
  const { link, run } = await opened(runView(2))
  const commits = countCommits(run)
  for (const state of ['running', 'paused', 'running'] as const) {
    link.emit('runChanged', summaryOf(runView(2), { state }))
  }
  frames.next()
  expect([run.view?.state, commits()]).toEqual(['running', 1])
})

it('takes a state that came before for news when it has read another meanwhile', async () => {
  const { link, run } = await opened(runView(2))
  link.emit('runChanged', summaryOf(runView(2), { state: 'running' }))
  frames.next()
  const lab = useLabStore()
  lab.detach()
  const again = testLink({ openRun: () => Promise.resolve(runView(2, { state: 'paused' })) })
  await lab.attach(again)
  await vi.waitFor(() => expect(run.view?.state).toBe('paused'))
  again.emit('runChanged', summaryOf(runView(2), { state: 'running' }))
  frames.next()
  expect(run.view?.state).toBe('running')
})

it('hears nothing of other runs', async () => {
  const { link, run } = await opened(runView(2))
  link.emit('epochEnded', epochEnded(3, 'another'))
  toNextTick()
  expect(run.lastEpoch).toBe(2)
})

it('lays on top what arrived while the run was read', async () => {
  let answer: ((view: RunView) => void) | null = null
  const link = testLink({ openRun: () => new Promise((resolve) => (answer = resolve)) })
  await useLabStore().attach(link)
  const run = useRunStore()
  const opening = run.open('one')
  await vi.waitFor(() => expect(answer).not.toBeNull())
  link.emit('epochEnded', epochEnded(3))
  toNextTick()
  ;(answer as unknown as (view: RunView) => void)(runView(2))
  await opening
  expect(run.lastEpoch).toBe(3)
})

it('reads the run again when an epoch is missing, and when its state changes', async () => {
  let stored = runView(2)
  const openRun = vi.fn(() => Promise.resolve(stored))
  const { link, run } = await opened(stored, { openRun })
  stored = runView(5)
  link.emit('epochEnded', epochEnded(5))
  toNextTick()
  await vi.waitFor(() => expect(run.lastEpoch).toBe(5))
  stored = runView(5, { state: 'finished' })
  link.emit('runChanged', summaryOf(stored))
  frames.next()
  expect(run.view?.state).toBe('finished')
  await vi.waitFor(() => expect(openRun).toHaveBeenCalledTimes(3))
})

it('reads the run as it stands after a lost connection', async () => {
  const { run } = await opened(runView(2))
  const lab = useLabStore()
  lab.detach()
  expect(lab.connection).toBe('lost')
  await lab.attach(testLink({ openRun: () => Promise.resolve(runView(9)) }))
  await vi.waitFor(() => expect(run.lastEpoch).toBe(9))
})

it('keeps the digits of live epochs and asks for the rest by ranges, once', async () => {
  const readDigits = vi.fn((_id: string, first: number, last: number) => {
    const epochs = last - first + 1
    return Promise.resolve({
      firstEpoch: first,
      epochs,
      models: 2,
      pixels: new Uint8Array(epochs * 2 * 20 * 784).fill(1)
    })
  })
  const { link, run } = await opened(runView(20), { readDigits })
  link.emit('epochEnded', epochEnded(21))
  toNextTick()
  expect(run.digits(21)?.[0]).toBe(21)
  expect(run.digits(3)).toBeNull()
  expect(run.digits(4)).toBeNull()
  await vi.waitFor(() => expect(run.digits(4)?.[0]).toBe(1))
  expect(readDigits.mock.calls).toEqual([['one', 1, 16]])
  expect(run.digits(22)).toBeNull()
})

it('has the digits of untrained models before the first epoch has ended, asked for by themselves', async () => {
  const untrained = { firstEpoch: 0, epochs: 1, models: 2, pixels: new Uint8Array(2 * 20 * 784).fill(7) }
  const readDigits = vi.fn(() => Promise.resolve(untrained))
  const { run } = await opened(runView(0), { readDigits })
  expect(run.digits(0)).toBeNull()
  await vi.waitFor(() => expect(run.digits(0)?.[0]).toBe(7))
  expect(run.digits(1)).toBeNull()
  expect(readDigits.mock.calls).toEqual([['one', 0, 0]])
})

it('keeps the newest digits of the epoch under way until it ends, the first at once', async () => {
  const { link, run } = await opened(runView(0))
  const arrive = (step: number, epoch = 1, id = 'one') =>
    link.emit('digitsArrived', { id, epoch, step, digits: new Uint8Array(4).fill(step) })
  expect(run.freshDigits).toBeNull()
  arrive(9, 1, 'two')
  expect(run.freshDigits).toBeNull()
  arrive(10)
  expect(run.freshDigits?.step).toBe(10)
  arrive(20)
  arrive(30)
  expect(run.freshDigits?.step).toBe(10)
  toNextTick()
  expect(run.freshDigits?.step).toBe(30)
  link.emit('epochEnded', epochEnded(1))
  expect(run.freshDigits).toBeNull()
  arrive(40) // of an epoch that has ended
  toNextTick()
  expect(run.freshDigits).toBeNull()
  expect(run.digits(1)?.[0]).toBe(1)
  run.close()
  expect(run.freshDigits).toBeNull()
})

describe('digits that do not come', () => {
  const history = (first: number, count: number) => ({
    firstEpoch: first,
    epochs: count,
    models: 2,
    pixels: new Uint8Array(count * 2 * 20 * 784).fill(1)
  })
  const texts = () => useNoticesStore().notices.map(({ text }) => text)

  it('are asked for once where the file is short, and reported once', async () => {
    const readDigits = vi.fn((_id: string, first: number) => Promise.resolve(history(first, first === 1 ? 16 : 1)))
    const { link, run } = await opened(runView(40), { readDigits })
    const shown = computed(() => run.digits(20))
    expect(shown.value).toBeNull()
    await vi.waitFor(() => expect(texts()).toHaveLength(1))
    for (let look = 0; look < 5; look++) {
      expect(run.digits(20 + look)).toBeNull()
      await Promise.resolve()
    }
    expect(shown.value).toBeNull()
    expect(readDigits.mock.calls).toEqual([['one', 17, 32]])
    expect(texts()).toEqual([
      'The images of some epochs are missing from the run’s folder. Losses and charts are complete.'
    ])
    expect(run.digits(17)?.[0]).toBe(1)

    useNoticesStore().dismiss('missing digits')
    await run.read()
    expect(shown.value).toBeNull()
    await vi.waitFor(() => expect(readDigits).toHaveBeenCalledTimes(2))
    expect(texts()).toEqual([])
    link.emit('epochEnded', epochEnded(20))
    toNextTick()
    expect(shown.value?.[0]).toBe(20)
  })

  it('are reported where they can’t be read, and asked for again after a new connection', async () => {
    const failing = vi.fn(() => Promise.reject(new LabError('not-found', 'digits.bin can’t be read')))
    const { run } = await opened(runView(20), { readDigits: failing })
    const shown = computed(() => run.digits(3))
    expect(shown.value).toBeNull()
    await vi.waitFor(() => expect(texts()).toEqual(['digits.bin can’t be read.']))
    expect(run.digits(4)).toBeNull()
    expect(failing).toHaveBeenCalledTimes(1)
    expect(run.problem).toBeNull()

    useLabStore().detach()
    await useLabStore().attach(
      testLink({
        openRun: () => Promise.resolve(runView(20)),
        readDigits: (_id, first, last) => Promise.resolve(history(first, last - first + 1))
      })
    )
    await vi.waitFor(() => expect(shown.value?.[0]).toBe(1))
    expect(texts()).toEqual([])
  })
})

it('leaves blank the damaged epoch alone, not those that are read with it', async () => {
  const readDigits = vi.fn((_id: string, first: number, last: number) => {
    if (first <= 5 && last >= 5) return Promise.reject(new LabError('bad-file', 'The digits of epoch 5 are damaged'))
    const epochs = last - first + 1
    return Promise.resolve({
      firstEpoch: first,
      epochs,
      models: 2,
      pixels: new Uint8Array(epochs * 31_360).fill(first)
    })
  })
  const { run } = await opened(runView(20), { readDigits })
  const texts = () => useNoticesStore().notices.map(({ text }) => text)
  const good = computed(() => run.digits(4)?.[0])
  await vi.waitFor(() => expect(good.value).toBe(4))
  expect(texts()).toEqual([])
  const bad = computed(() => run.digits(5))
  expect(bad.value).toBeNull()
  await vi.waitFor(() => expect(texts()).toEqual(['The digits of epoch 5 are damaged.']))
  const next = computed(() => run.digits(6)?.[0])
  await vi.waitFor(() => expect(next.value).toBe(6))
  expect([bad.value, texts()]).toEqual([null, ['The digits of epoch 5 are damaged.']])
  expect(readDigits.mock.calls.map(([, ...range]) => range)).toEqual([
    [1, 16],
    [4, 4],
    [5, 5],
    [6, 6]
  ])
})

it('forgets when it is opened again that a run had nothing to go on from', async () => {
  const gone = new LabError('not-found', 'The checkpoint of the run is missing')
  const { run } = await opened(runView(2, { state: 'stopped' }), { continueRun: () => Promise.reject(gone) })
  await expect(run.goOn('one')).rejects.toBe(gone)
  expect(run.circumstances).toEqual({ isReachable: true, isContinuable: false })
  run.close()
  expect(run.circumstances.isContinuable).toBe(true)
})

it('says why a run could not be opened', async () => {
  const { run } = await opened(runView(0), { openRun: () => Promise.reject(new Error('gone')) })
  expect(run.view).toBeNull()
  expect(run.problem?.problem).toContain('gone')
})

it('lets the cursor follow the latest epoch until one in the past is chosen', async () => {
  const { link, run } = await opened(runView(4))
  const cursor = useCursorStore()
  expect([cursor.epoch, cursor.live]).toEqual([4, true])
  cursor.step(-10)
  expect([cursor.epoch, cursor.live]).toEqual([0, false])
  link.emit('epochEnded', epochEnded(5))
  toNextTick()
  expect(cursor.epoch).toBe(0)
  cursor.epoch = 99
  expect([cursor.epoch, cursor.live]).toEqual([5, true])
  cursor.epoch = 2
  run.close()
  await nextTick()
  expect([cursor.epoch, cursor.live]).toEqual([0, true])
})

it('plays eight epochs a second and ends at the latest', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await opened(runView(20))
  const cursor = useCursorStore()
  cursor.togglePlay()
  expect([cursor.playing, cursor.epoch]).toEqual([true, 0])
  vi.advanceTimersByTime(1000)
  expect(cursor.epoch).toBe(8)
  vi.advanceTimersByTime(2000)
  expect([cursor.playing, cursor.epoch, cursor.live]).toEqual([false, 20, true])
})

const progress = (id: string, step: number, epoch = 3) => ({
  id,
  epoch,
  step,
  stepsPerEpoch: 235,
  partialTrainLoss: [0.2],
  secondsPerEpoch: 1,
  secondsLeft: 9
})

it('shows the first losses of a run at once', async () => {
  const view = runView(0)
  const { link, run } = await opened(view)
  link.emit('stepProgress', progress(view.file.id, 10, 1))
  expect(run.view?.progress?.step).toBe(10)
  link.emit('stepProgress', progress(view.file.id, 20, 1))
  expect(run.view?.progress?.step).toBe(10)
  toNextTick()
  expect(run.view?.progress?.step).toBe(20)
})

it('shows the latest progress at the next tick, and only of a run that is open', async () => {
  const view: RunView = { ...runView(2), state: 'running' }
  const { link, run } = await opened(view)
  link.emit('stepProgress', progress(view.file.id, 10))
  link.emit('stepProgress', progress(view.file.id, 20))
  vi.advanceTimersByTime(TICK_MILLISECONDS - 1)
  expect(run.view?.progress).toBeNull()
  vi.advanceTimersByTime(1)
  expect(run.view?.progress?.step).toBe(20)
  link.emit('stepProgress', progress('another', 30))
  vi.advanceTimersByTime(TICK_MILLISECONDS)
  expect(run.view?.progress?.step).toBe(20)
})

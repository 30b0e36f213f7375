import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LabError } from '@shared/errors'
import { defaultSettings } from '@shared/settings'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { TICK_MILLISECONDS } from '../../../../src/renderer/stores/ui-clock'
import { stubFrames, testLink } from '../lab-link'
import { runView, summaryOf } from '../run-view'

const run = (id: string, hour: number, changes = {}) =>
  summaryOf(runView(2, {}, id), { createdAt: `2026-01-02T0${hour}:00:00.000Z`, ...changes })

beforeEach(() => {
  setActivePinia(createPinia())
  stubFrames()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function listOf(...runs: ReturnType<typeof run>[]) {
  const store = useRunsStore()
  const link = testLink({ listRuns: () => Promise.resolve(runs) })
  await useLabStore().attach(link)
  await store.read()
  return { store, link }
}

it('lists the newest first and follows what changes', async () => {
  const { store, link } = await listOf(run('old', 1), run('new', 2))
  link.emit('runChanged', run('newest', 3))
  link.emit('runChanged', run('old', 1, { name: 'Renamed' }))
  expect(store.all.map((one) => one.id)).toEqual(['newest', 'new', 'old'])
  expect(store.find('old')?.name).toBe('Renamed')
  link.emit('runRemoved', 'new')
  expect(store.all.map((one) => one.id)).toEqual(['newest', 'old'])
})

it('counts epochs at the tick, unless the run changes otherwise or goes', async () => {
  const { store, link } = await listOf(run('new', 2), run('old', 1))
  link.emit('runChanged', run('new', 2, { epochsDone: 3 }))
  link.emit('runChanged', run('old', 1, { epochsDone: 3 }))
  expect(store.find('new')?.epochsDone).toBe(2)
  link.emit('runChanged', run('new', 2, { epochsDone: 4, state: 'paused' }))
  expect(store.find('new')).toMatchObject({ epochsDone: 4, state: 'paused' })
  link.emit('runRemoved', 'old')
  vi.advanceTimersByTime(TICK_MILLISECONDS) // a tick
  expect(store.all.map(({ id, epochsDone }) => [id, epochsDone])).toEqual([['new', 4]])
  link.emit('runChanged', run('new', 2, { epochsDone: 5, state: 'paused' }))
  vi.advanceTimersByTime(TICK_MILLISECONDS)
  expect(store.find('new')?.epochsDone).toBe(5)
  link.emit('runChanged', run('first', 3, { epochsDone: 0 }))
  link.emit('runChanged', run('first', 3, { epochsDone: 1 }))
  expect(store.find('first')?.epochsDone).toBe(1) // the first epoch is waited for
})

it('keeps a list that was read when the tick comes with less', async () => {
  const { store, link } = await listOf(run('one', 1, { epochsDone: 6 }))
  link.emit('runChanged', run('one', 1, { epochsDone: 3 }))
  await store.read()
  vi.advanceTimersByTime(TICK_MILLISECONDS)
  expect(store.find('one')?.epochsDone).toBe(6)
})

it('knows the run that trains and the queue behind it, the next first', async () => {
  const queued = { state: 'queued' }
  const { store } = await listOf(
    run('trains', 1, { state: 'paused' }),
    run('second', 3, queued),
    run('first', 2, queued)
  )
  expect(store.training?.id).toBe('trains')
  expect(store.queue.map((one) => one.id)).toEqual(['first', 'second'])
})

it('shows those that the search finds, in the order that is chosen, below headings where the order has groups', async () => {
  const { store } = await listOf(
    run('a', 1, { name: 'Zebra', state: 'finished', gapClosed: [0.2, 0.7] }),
    run('b', 2, { name: 'Ape', state: 'finished', gapClosed: [0.9] }),
    run('c', 3, { name: 'Moth', state: 'failed', tags: ['night'] })
  )
  const shown = () => store.rows.map((row) => ('run' in row ? row.run.id : row.heading))
  expect(shown().slice(1)).toEqual(['c', 'b', 'a'])
  store.order = 'name'
  expect(shown()).toEqual(['b', 'c', 'a'])
  store.order = 'gap'
  expect(shown()).toEqual(['b', 'a', 'c'])
  store.order = 'state'
  expect(shown()).toEqual(['Failed', 'c', 'Finished', 'b', 'a'])
  store.filter = '#night'
  expect(shown()).toEqual(['Failed', 'c'])
})

it.each(['settingsChanged', 'runChanged'] as const)(
  'reads a list that could not be read again on %s',
  async (event) => {
    const store = useRunsStore()
    const gone = new LabError('not-found', 'The runs folder is missing')
    let isThere = false
    const link = testLink({ listRuns: () => (isThere ? Promise.resolve([run('one', 1)]) : Promise.reject(gone)) })
    await useLabStore().attach(link)
    await store.read()
    expect([store.known, useNoticesStore().notices.length]).toEqual([false, 1])
    isThere = true
    if (event === 'settingsChanged') link.emit(event, defaultSettings)
    else link.emit(event, run('one', 1))
    await vi.waitFor(() => expect(store.known).toBe(true))
    expect([store.all.map(({ id }) => id), useNoticesStore().notices]).toEqual([['one'], []])
  }
)

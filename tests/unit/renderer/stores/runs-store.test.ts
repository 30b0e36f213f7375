import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { matching, useRunsStore } from '../../../../src/renderer/stores/runs-store'
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
  vi.advanceTimersByTime(1000) // a tick
  expect(store.all.map(({ id, epochsDone }) => [id, epochsDone])).toEqual([['new', 4]])
  link.emit('runChanged', run('new', 2, { epochsDone: 5, state: 'paused' }))
  vi.advanceTimersByTime(1000)
  expect(store.find('new')?.epochsDone).toBe(5)
  link.emit('runChanged', run('first', 3, { epochsDone: 0 }))
  link.emit('runChanged', run('first', 3, { epochsDone: 1 }))
  expect(store.find('first')?.epochsDone).toBe(1) // the first epoch is waited for
})

it('keeps a list that was read when the tick comes with less', async () => {
  const { store, link } = await listOf(run('one', 1, { epochsDone: 6 }))
  link.emit('runChanged', run('one', 1, { epochsDone: 3 }))
  await store.read()
  vi.advanceTimersByTime(1000)
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

it('filters by every word, in name, device and state', () => {
  const runs = [run('a', 1, { name: 'Keras blog', state: 'finished' }), run('b', 2, { name: 'Keras blog' })]
  expect(matching(runs, ' keras FIN ').map((one) => one.id)).toEqual(['a'])
  expect(matching(runs, '')).toHaveLength(2)
})

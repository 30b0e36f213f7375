import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { LabError } from '@shared/errors'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore, type Notice } from '../../../../src/renderer/stores/notices-store'

beforeEach(() => setActivePinia(createPinia()))

const subjects = () => useNoticesStore().notices.map(({ subject }) => subject)
const news = (subject: string, more: Partial<Notice> = {}): Notice => ({
  subject,
  tone: 'info',
  text: subject,
  ...more
})

it('offers to try again what failed, and drops the notice once it works', async () => {
  const store = useNoticesStore()
  const action = vi.fn(() => Promise.resolve(7))
  action.mockRejectedValueOnce(new LabError('busy', 'Busy'))
  const look = (): Promise<number | undefined> => store.attempt('look', action, look)
  expect(await look()).toBeUndefined()
  expect(store.notices[0]).toMatchObject({ tone: 'danger', text: 'Busy.' })
  await store.notices[0]?.actions?.[0]?.run()
  expect(store.notices).toEqual([])
})

it('does what a user asks twice only once while it is under way', async () => {
  const store = useNoticesStore()
  let finish: (value: number) => void = () => undefined
  const action = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)))
  const first = store.attemptOnce('start', action)
  expect(await store.attemptOnce('start', action)).toBeUndefined()
  finish(1)
  expect(await first).toBe(1)
  void store.attemptOnce('start', action)
  expect(action).toHaveBeenCalledTimes(2)
})

it('drops news with the next action, but no trouble, no offer and nothing under way', async () => {
  const store = useNoticesStore()
  void store.attemptOnce('report one', () => new Promise(() => undefined))
  store.show(news('report one'))
  store.show(news('copy'))
  store.show(news('delete one', { actions: [{ label: 'Undo', run: () => undefined }] }))
  store.show(news('trouble', { tone: 'danger' }))
  await store.attemptOnce('stop one', () => Promise.resolve())
  expect(subjects()).toEqual(['report one', 'delete one', 'trouble'])
})

it('tells what several subjects say once, and withdraws it for all of them', async () => {
  const store = useNoticesStore()
  const fail = () => Promise.reject(new LabError('busy', 'Another command is at work on this run'))
  await store.attempt('pause one', fail)
  await store.attempt('stop one', fail)
  await store.attemptOnce('stop one', fail)
  expect(subjects()).toEqual(['pause one'])
  await store.attempt('stop one', () => Promise.resolve())
  expect(subjects()).toEqual([])
})

it('leaves it to the banner to say that the lab can’t be reached', async () => {
  const store = useNoticesStore()
  expect(await store.attempt('stop one', () => useLabStore().calls.stopRun('one'))).toBeUndefined()
  expect(subjects()).toEqual([])
})

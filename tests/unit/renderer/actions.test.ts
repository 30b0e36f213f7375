import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { presets } from '@shared/experiment'
import { useActions } from '../../../src/renderer/actions'
import { useExperimentStore } from '../../../src/renderer/stores/experiment-store'
import { useLabStore } from '../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../src/renderer/stores/notices-store'
import { useRunStore } from '../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../src/renderer/stores/screen-store'
import { testLink } from './lab-link'
import { runView, summaryOf } from './run-view'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('history', { replaceState: () => undefined })
  vi.stubGlobal('location', { hash: '', pathname: '', search: '' })
})

const listed = (id: string, hour: number) =>
  summaryOf(runView(2, { state: 'finished' }, id), { name: id, createdAt: `2026-01-02T0${hour}:00:00.000Z` })

/** Three runs in the list, `c` the newest. */
async function setUp(calls: Parameters<typeof testLink>[0] = {}) {
  const runs = [listed('c', 3), listed('b', 2), listed('a', 1)]
  const link = testLink({
    listRuns: () => Promise.resolve(runs),
    openRun: (id) => Promise.resolve(runView(2, { state: 'finished' }, id)),
    deleteRun: (id) => Promise.resolve(link.emit('runRemoved', id)),
    restoreRun: (id) => Promise.resolve(link.emit('runChanged', listed(id, 2))),
    ...calls
  })
  useRunStore() // hears events from the start
  await useLabStore().attach(link)
  await useRunsStore().read()
  return { actions: useActions(), run: useRunStore(), runs: useRunsStore() }
}

it('starts once, however often it is asked', async () => {
  let answer: (id: string) => void = () => undefined
  const startRun = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)))
  const { actions, run } = await setUp({ startRun })
  const form = useExperimentStore()
  actions.newExperiment()
  form.form.texts.epochs = '12'
  const starting = [actions.start(presets.article), actions.start(presets.article)]
  answer('a')
  await Promise.all(starting)
  expect(startRun).toHaveBeenCalledTimes(1)
  expect([useScreenStore().screen, run.id]).toEqual(['run', 'a'])
  expect(form.form.texts.epochs).toBe('70')
})

it('keeps the draft where the start fails and when the form is left, not when it is cancelled', async () => {
  const { actions } = await setUp({ startRun: () => Promise.reject(new Error('no')) })
  const form = useExperimentStore()
  actions.newExperiment()
  form.form.texts.epochs = '12'
  await actions.start(presets.article)
  actions.leaveNewExperiment()
  actions.newExperiment()
  expect(form.form.texts.epochs).toBe('12')
  actions.cancelNewExperiment()
  actions.newExperiment()
  expect(form.form.texts.epochs).toBe('70')
})

it('opens a new run on its overview, another one on the tab that is open', async () => {
  const { actions } = await setUp({ startRun: () => Promise.resolve('a') })
  const screen = useScreenStore()
  screen.runTab = 'claims'
  actions.openRun('b')
  expect(screen.runTab).toBe('claims')
  await actions.start(presets.article)
  expect(screen.runTab).toBe('overview')
})

it('keeps the way back of every deleted run', async () => {
  const { actions, runs } = await setUp()
  await actions.remove('b')
  await actions.remove('c')
  const notices = useNoticesStore()
  expect(notices.notices.map(({ text }) => text)).toEqual(['“b” was deleted.', '“c” was deleted.'])
  expect(runs.all.map(({ id }) => id)).toEqual(['a'])
  await notices.notices[0]?.actions?.[0]?.run()
  expect(notices.notices.map(({ text }) => text)).toEqual(['“c” was deleted.'])
})

it('opens the run that stands where one has gone, at the end the last', async () => {
  const { actions, run, runs } = await setUp()
  for (const [gone, opened] of [
    ['b', 'a'],
    ['a', 'c']
  ] as const) {
    const before = runs.all
    await actions.remove(gone)
    actions.openInsteadOf(gone, before)
    expect(run.id).toBe(opened)
  }
})

it('drops news when another run opens', async () => {
  const { actions } = await setUp()
  const notices = useNoticesStore()
  actions.openRun('a')
  notices.show({ subject: 'copy', tone: 'info', text: 'Copied.' })
  actions.openRun('a')
  expect(notices.notices).toHaveLength(1)
  actions.openRun('b')
  expect(notices.notices).toEqual([])
})

it('leaves behind what went wrong on a screen when another opens, not what is wrong everywhere', async () => {
  const { actions } = await setUp({ stopRun: () => Promise.reject(new Error('Busy')) })
  const notices = useNoticesStore()
  const subjects = () => notices.notices.map(({ subject }) => subject)
  actions.openRun('a')
  notices.show({ subject: 'unreadable x', tone: 'warn', text: 'x is not usable.' })
  await actions.stop('a')
  expect(subjects()).toEqual(['unreadable x', 'stop a'])
  actions.openRun('b')
  expect(subjects()).toEqual(['unreadable x'])
  await actions.stop('b')
  actions.openForm()
  expect(subjects()).toEqual(['unreadable x'])
})

it('offers to delete what an older version left, and says when it is gone', async () => {
  const removeLeftovers = vi.fn(() => Promise.resolve())
  const leftovers = { folder: '/data/addons', bytes: 2.1e9 }
  const { actions } = await setUp({
    removeLeftovers,
    describe: () => Promise.resolve({ devices: [], leftovers } as never)
  })
  const notices = useNoticesStore()
  actions.offerLeftovers()
  expect(notices.notices[0]?.text).toContain('/data/addons (2.1 GB) was left by setup:cuda')
  await notices.notices[0]?.actions?.[0]?.run()
  expect(removeLeftovers).toHaveBeenCalledTimes(1)
  expect(notices.notices.map(({ text }) => text)).toEqual(['/data/addons is deleted.'])
})

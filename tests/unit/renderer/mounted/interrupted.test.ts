// @vitest-environment happy-dom
// What a crash has interrupted, as the window offers it, lets it go on by itself, and tells what can't.
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { ContinuedRuns } from '../../../../src/shared/contract'
import { LabError } from '../../../../src/shared/errors'
import type { RunSummary } from '../../../../src/shared/run'
import { LONGEST_LIST } from '../../../../src/shared/session'
import { defaultSettings } from '../../../../src/shared/settings'
import NoticeList from '../../../../src/renderer/components/NoticeList.vue'
import { failedTexts, offerText } from '../../../../src/renderer/components/interrupted-text'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { testLink } from '../lab-link'
import { runView, summaryOf } from '../run-view'
import { all, find, mount } from './mount'

afterEach(() => sessionStorage.clear())

const run = (id: string, changes: Partial<RunSummary> = {}) =>
  summaryOf(runView(3, { state: 'interrupted' }), { id, name: `Run ${id}`, createdAt: id, ...changes })

/** A window on three runs, of which two are interrupted; of these the lab can't continue those that `failing` names. */
async function open({ settings = defaultSettings, failing = [] as ContinuedRuns['failed'], more = 0 } = {}) {
  const others = Array.from({ length: more }, (_, index) => run(`z${index}`))
  let list = [...others, run('c', { state: 'finished' }), run('b', { epochsDone: 0 }), run('a')]
  const continued = ['a', 'b'].filter((id) => !failing.some((one) => one.id === id))
  const continueInterrupted = vi.fn(async (_: string[] | null): Promise<ContinuedRuns> => {
    for (const id of continued) change(id, { state: 'queued' })
    return { continued, failed: failing }
  })
  const stopRun = vi.fn(async (_: string) => undefined)
  setActivePinia(createPinia())
  await mount(NoticeList) // a window is there before its lab can be reached
  const link = testLink({
    listRuns: () => Promise.resolve(list),
    listDatasets: () => Promise.resolve({ datasets: [], takeable: [] }),
    readSettings: () => Promise.resolve(settings),
    continueInterrupted,
    stopRun
  })
  function change(id: string, changes: Partial<RunSummary>): void {
    list = list.map((one) => (one.id === id ? { ...one, ...changes } : one))
    link.emit('runChanged', list.find((one) => one.id === id) as RunSummary)
  }
  await useLabStore().attach(link)
  return { link, change, continueInterrupted, stopRun }
}

const texts = () => all('.notice > span').map(({ textContent }) => textContent)
const press = (label: string) =>
  all('.notice .button')
    .find(({ textContent }) => textContent?.trim() === label)
    ?.click()

it('offers in one line what was interrupted, the oldest first, and continues all of it on one click', async () => {
  const { continueInterrupted } = await open()
  await vi.waitFor(() =>
    expect(texts()).toEqual(['2 runs were interrupted: “Run a” (3 of 70 epochs); “Run b” (no epoch yet).'])
  )
  expect(find('.notice').getAttribute('role')).toBe('status')
  press('Continue all')
  await nextTick()
  expect(texts()).toEqual([])
  expect(continueInterrupted).toHaveBeenCalledWith(['a', 'b'])
  await vi.waitFor(() => expect(useRunsStore().queue).toHaveLength(2))
  expect(texts()).toEqual([])
})

it('does not ask again for those it was told to leave, for others it does', async () => {
  const { link } = await open()
  await vi.waitFor(() => expect(texts()).toHaveLength(1))
  press('Not now')
  await nextTick()
  expect(texts()).toEqual([])
  link.emit('runChanged', run('d'))
  await nextTick()
  expect(texts()).toEqual(['“Run d” was interrupted; 3 of 70 epochs are saved.'])

  document.body.replaceChildren()
  await open()
  await vi.waitFor(() => expect(useRunsStore().known).toBe(true))
  await nextTick()
  expect(texts()).toEqual([])
})

it('tells what can’t go on, now or once it has its turn, and does not offer it again', async () => {
  const gone = new LabError('not-found', 'The checkpoint is missing').data
  const { change } = await open({ failing: [{ id: 'a', name: 'Run a', error: gone }] })
  await vi.waitFor(() => expect(texts()).toHaveLength(1))
  press('Continue all')
  await vi.waitFor(() => expect(texts()).toEqual(['“Run a” can’t go on. The checkpoint is missing.']))
  const error = new LabError('bad-file', 'The data can’t be read').data
  change('b', { state: 'failed', error })
  await nextTick()
  expect(texts()).toEqual([
    '“Run a” can’t go on. The checkpoint is missing.',
    '“Run b” can’t go on. The data can’t be read.'
  ])
})

it('tells what has failed before the last was asked for, too', async () => {
  const error = new LabError('bad-file', 'The checkpoint is damaged').data
  for (const continueInterrupted of [false, true]) {
    const { change, continueInterrupted: asked } = await open({ settings: { ...defaultSettings, continueInterrupted } })
    const answer = { continued: ['a', 'b'], failed: [] }
    asked.mockImplementation(async () => {
      change('a', { state: 'running' })
      change('a', { state: 'failed', error })
      return answer
    })
    if (!continueInterrupted) {
      await vi.waitFor(() => expect(texts()).toHaveLength(1))
      press('Continue all')
    }
    await vi.waitFor(() => expect(texts()).toContain('“Run a” can’t go on. The checkpoint is damaged.'))
    document.body.replaceChildren()
  }
})

it('lets them go on by themselves where the settings say so, says so, and can stop them', async () => {
  const settings = { ...defaultSettings, continueInterrupted: true }
  const { continueInterrupted, stopRun } = await open({ settings })
  await vi.waitFor(() => expect(texts()).toEqual(['2 interrupted runs go on by themselves: “Run a”; “Run b”.']))
  expect(continueInterrupted).toHaveBeenCalledWith(null)
  press('Stop them')
  await vi.waitFor(() => expect(texts()).toEqual([]))
  expect(stopRun.mock.calls).toEqual([['b'], ['a']])
})

it('tells only of those that still train when the window opens: the others have long finished', async () => {
  const settings = { ...defaultSettings, continueInterrupted: true }
  const { change, continueInterrupted } = await open({ settings })
  continueInterrupted.mockImplementation(async () => {
    change('a', { state: 'finished' })
    change('b', { state: 'running' })
    return { continued: ['a', 'b'], failed: [] }
  })
  await vi.waitFor(() => expect(texts()).toEqual(['“Run b” was interrupted and goes on by itself.']))
})

it('asks for no more at once than a message may list', async () => {
  const { continueInterrupted } = await open({ more: 300 })
  await vi.waitFor(() => expect(texts()[0]).toMatch(/^302 runs were interrupted/))
  press('Continue all')
  await vi.waitFor(() => expect(continueInterrupted).toHaveBeenCalledOnce())
  expect(continueInterrupted.mock.calls[0]?.[0]).toHaveLength(LONGEST_LIST)
})

it('names three runs and counts the rest, and gives each reason once', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((id) => run(id, { epochs: 1, epochsDone: 1 }))
  expect(offerText(many)).toBe(
    '5 runs were interrupted: “Run a” (1 of 1 epoch); “Run b” (1 of 1 epoch); “Run c” (1 of 1 epoch); and 2 others.'
  )
  const full = new LabError('busy', 'No further run can wait').data
  const other = new LabError('not-found', 'The checkpoint is missing').data
  const failed = [full, other, full].map((error, index) => ({ name: `Run ${index}`, error }))
  expect(failedTexts(failed)).toEqual([
    '2 runs can’t go on: “Run 0”; “Run 2”. No further run can wait.',
    '“Run 1” can’t go on. The checkpoint is missing.'
  ])
})

it('offers nothing while the lab can’t be reached, and says what to do in one line', async () => {
  await open()
  await vi.waitFor(() => expect(texts()).toHaveLength(1))
  useLabStore().detach()
  await nextTick()
  expect(texts()).toEqual([
    'The lab can’t be reached. If it still runs, training goes on there and this window connects again by itself. If it has ended, start it again and open the link that it prints.'
  ])
})

// @vitest-environment happy-dom
import { expect, it, onTestFinished, vi } from 'vitest'
import { nextTick } from 'vue'
import { useActions } from '../../../../src/renderer/actions'
import ListTools from '../../../../src/renderer/components/ListTools.vue'
import NoticeList from '../../../../src/renderer/components/NoticeList.vue'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView, summaryOf } from '../run-view'
import { all, find, mount, openLab } from './mount'

const texts = () => all('.notice > span').map(({ textContent }) => textContent)

it('tells what is to be known of the open run until it is dismissed', async () => {
  const view = runView(2, { state: 'failed' })
  view.file.error = { kind: 'failed', problem: 'The disk is full' } as never
  await openLab({ openRun: () => Promise.resolve(view) })
  useScreenStore().screen = 'run'
  await useRunStore().open('one')
  await mount(NoticeList)
  expect(texts()).toEqual(['The disk is full.'])
  find('.notices [aria-label="Dismiss"]').click()
  await nextTick()
  expect(texts()).toEqual([])
})

it('says nothing of the open run on another screen', async () => {
  const view = runView(2, { state: 'failed' })
  view.file.error = { kind: 'failed', problem: 'The disk is full' } as never
  await openLab({ openRun: () => Promise.resolve(view) })
  await useRunStore().open('one')
  useScreenStore().screen = 'new-experiment'
  await mount(NoticeList)
  expect(texts()).toEqual([])
})

it('lets news go after a while, unless they are pointed at, have the focus or wait for an answer', async () => {
  await openLab()
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const store = useNoticesStore()
  for (const [text, more] of [
    ['saved', {}],
    ['deleted', { actions: [{ label: 'Undo', run: () => undefined }] }],
    ['writing', { stays: true }],
    ['trouble', { tone: 'danger' }]
  ] as const)
    store.show({ subject: text, tone: 'info', text, ...more } as never)
  await mount(NoticeList)
  const [first, second] = all('.notice')
  first?.dispatchEvent(new Event('mouseenter'))
  second?.querySelector('button')?.focus()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(texts()).toEqual(['saved', 'deleted', 'writing', 'trouble'])
  first?.dispatchEvent(new Event('mouseleave'))
  second?.querySelector('button')?.blur()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(texts()).toEqual(['writing', 'trouble'])
})

it('can bring a deleted run back when its notice has gone, and tells runs of one name apart by their start', async () => {
  const runs = ['a', 'b'].map((id, index) =>
    summaryOf(runView(2, { state: 'finished' }, id), { name: 'Same', createdAt: `2020-01-0${index + 1}T12:00:00` })
  )
  const restoreRun = vi.fn(() => Promise.resolve())
  await openLab({ listRuns: () => Promise.resolve(runs), deleteRun: () => Promise.resolve(), restoreRun })
  await useRunsStore().read()
  await useActions().remove('a')
  const [notice] = useNoticesStore().notices
  expect(notice?.text).toBe('“Same” of 1 January 2020 12:00 was deleted.')
  useNoticesStore().dismiss(notice?.subject ?? '')
  await mount(ListTools)
  find('.list-more').click()
  await nextTick()
  all('[role="menuitem"]')
    .find(({ textContent }) => textContent?.startsWith('Bring back “Same” of 1 January 2020'))
    ?.click()
  await vi.waitFor(() => expect(restoreRun).toHaveBeenCalledWith('a'))
  await vi.waitFor(() => expect(useRunsStore().deleted).toEqual([]))
})

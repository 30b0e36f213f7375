// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import RunList from '../../../../src/renderer/components/RunList.vue'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView, summaryOf } from '../run-view'
import { all, find, focused, mount, openLab, press } from './mount'

const listed = (name: string, hour: number, state: 'finished' | 'running' = 'finished') =>
  summaryOf(runView(2, { state }, name), { name, createdAt: `2026-01-02T0${hour}:00:00.000Z` })
const deleteRun = vi.fn<(id: string) => Promise<void>>()

/** Three runs, the newest first; the middle one is open. */
beforeEach(async () => {
  const link = await openLab({
    listRuns: () => Promise.resolve([listed('c', 3, 'running'), listed('b', 2), listed('a', 1)]),
    openRun: (id) => Promise.resolve(runView(2, { state: 'finished' }, id)),
    deleteRun
  })
  deleteRun.mockReset().mockImplementation((id) => Promise.resolve(link.emit('runRemoved', id)))
  await useRunsStore().read()
  useScreenStore().screen = 'run'
  await useRunStore().open('b')
  await mount(RunList)
})

const names = () => all('.run .name').map((one) => one.textContent)
const tabStops = () => all('.run[tabindex="0"] .name').map((one) => one.textContent)
const focusedName = () => document.activeElement?.querySelector('.name')?.textContent

it('is one tab stop, at the open run; arrows, Home and End move the focus with it and stop at the ends', async () => {
  expect([names(), tabStops()]).toEqual([['c', 'b', 'a'], ['b']])
  find('.run[tabindex="0"]').focus()
  for (const [key, name] of [
    ['ArrowDown', 'a'],
    ['ArrowDown', 'a'],
    ['Home', 'c'],
    ['ArrowUp', 'c'],
    ['ArrowDown', 'b'],
    ['End', 'a']
  ] as const) {
    expect(await press(key)).toBe(true)
    expect([focusedName(), tabStops()]).toEqual([name, [name]])
  }
  expect(await press('x')).toBe(false)
})

it('opens a run that is pressed', async () => {
  all('.run')[2]?.click()
  await nextTick()
  expect([useRunStore().id, location.hash]).toEqual(['a', '#a'])
})

it('renames by F2 the run that has the focus', async () => {
  find('.run[tabindex="0"]').focus()
  await press('End')
  await press('F2')
  expect([useRunStore().id, useScreenStore().renaming]).toEqual(['a', true])
})

it('renames by F2 in a menu the run that the menu is of, not the open one', async () => {
  all('.run-more')[2]?.click()
  await nextTick()
  await press('F2')
  expect([useRunStore().id, useScreenStore().renaming, all('[role="menu"]').length]).toEqual(['a', true, 0])
})

it('deletes by Del, and by ⌘ Backspace, the run that has the focus; the focus goes to the one that stands there now', async () => {
  find('.run[tabindex="0"]').focus()
  await press('End')
  await press('Delete')
  await vi.waitFor(() => expect(focusedName()).toBe('b'))
  expect([deleteRun.mock.calls, names()]).toEqual([[['a']], ['c', 'b']])
  expect(await press('Backspace')).toBe(false)
  await press('Backspace', { metaKey: true })
  await vi.waitFor(() => expect(names()).toEqual(['c']))
})

it('deletes no run that trains, and says so', async () => {
  find('.run[tabindex="0"]').focus()
  await press('Home')
  await press('Delete')
  expect(deleteRun).not.toHaveBeenCalled()
  expect(useNoticesStore().notices.map(({ text }) => text)).toEqual([
    'c is still in training. Stop it before deleting it.'
  ])
})

it('has a menu on the right click and on a button, which gives the focus back', async () => {
  const run = find('.run[tabindex="0"]')
  run.focus()
  run.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button: 2, clientX: 5, clientY: 6 })
  )
  await nextTick()
  expect(find('[role="menu"]').getAttribute('aria-label')).toBe('Actions for b')
  expect(focused()).toBe('OpenEnter')
  await press('Escape')
  expect([all('[role="menu"]').length, document.activeElement]).toEqual([0, run])
  const more = all('.run-more')[0]
  more?.click()
  await nextTick()
  expect(find('[role="menu"]').getAttribute('aria-label')).toBe('Actions for c')
  await press('Escape')
  expect(document.activeElement).toBe(more)
})

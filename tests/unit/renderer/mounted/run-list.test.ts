// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { lightTheme, seriesColours } from '@shared/charts/theme'
import { LabError } from '@shared/errors'
import RunList from '../../../../src/renderer/components/RunList.vue'
import { useCompareStore } from '../../../../src/renderer/stores/compare-store'
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
    '“c” is still in training. Stop it before deleting it.'
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

it('says below the runs what can’t be read, and why', async () => {
  const error = new LabError('bad-file', 'x/run.json is not usable', { found: 'an empty file' }).data
  useRunsStore().unreadable = [{ path: 'x', error }]
  await nextTick()
  expect(all('h2').map((one) => one.textContent)).toContain('Can’t be read')
  expect(all('.no-runs').map((one) => one.textContent)).toEqual(['x/run.json is not usable: found an empty file.'])
  expect(names()).toEqual(['c', 'b', 'a'])
})

it('chooses by C, by Ctrl and a press, and by a box before each run, those to compare; at most eight', async () => {
  const compare = useCompareStore()
  find('.run[tabindex="0"]').focus()
  expect(await press('c')).toBe(true)
  expect([compare.chosen, all('.run-choose').length]).toEqual([['b'], 3])
  all('.run')[0]?.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }))
  all('.run-choose')[2]?.click()
  await nextTick()
  expect([compare.chosen, useRunStore().id]).toEqual([['b', 'c', 'a'], 'b'])
  await press('c')
  expect(compare.chosen).toEqual(['c', 'a'])
  for (let other = 0; other < 9; other++) compare.toggle(`other-${other}`)
  expect(compare.chosen).toHaveLength(8)
})

it('opens the tags and the note of the run that has the focus by T', async () => {
  find('.run[tabindex="0"]').focus()
  await press('t')
  expect([useScreenStore().dialog, useScreenStore().dialogRun]).toEqual(['notes', 'b'])
})

it('has of two thousand runs those in the page that can be seen, and the one that Tab reaches', async () => {
  const runs = useRunsStore()
  const many = Array.from({ length: 2000 }, (_, index) => {
    const second = String(index % 60).padStart(2, '0')
    const minute = String(Math.floor(index / 60)).padStart(2, '0')
    return summaryOf(runView(0, {}, `run-${index}`), { createdAt: `2026-01-02T03:${minute}:${second}.000Z` })
  })
  runs.all = many
  await nextTick()
  expect(all('.run').length).toBeGreaterThan(5)
  expect(all('.run').length).toBeLessThan(80)
  expect(all('.run[tabindex="0"]')).toHaveLength(1)
  find('.run[tabindex="0"]').focus()
  await press('End')
  expect(document.activeElement?.getAttribute('aria-current')).toBe('false')
  expect(find('.run[tabindex="0"]').closest('li')?.dataset.index).toBe(String(runs.rows.length - 1))
})

it('has fingerprints in an order of colours where the values have one, else in the colours of categories', async () => {
  const colours = () => all('.print circle').map((one) => one.style.getPropertyValue('--c'))
  const gapClosed = [0.2, 0.9]
  for (const [varied, expected] of [
    ['latentDim', seriesColours(lightTheme, 2)],
    ['optimizer', seriesColours(lightTheme, 2, false)]
  ] as const) {
    useRunsStore().all = [{ ...listed('a', 1), gapClosed, varied }]
    await vi.waitFor(() => expect(colours()).toEqual(expected))
  }
})

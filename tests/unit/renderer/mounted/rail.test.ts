// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { LabError } from '@shared/errors'
import { createPinia, setActivePinia } from 'pinia'
import AppRail from '../../../../src/renderer/components/AppRail.vue'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView, summaryOf } from '../run-view'
import { all, find, mount, openLab } from './mount'

it('counts what can’t be read where the rail is folded, and tells it when asked', async () => {
  const { data: error } = new LabError('bad-file', 'x/run.json is not usable')
  await openLab({ listUnreadable: () => Promise.resolve([{ path: 'x', error }]) })
  await useRunsStore().read()
  await mount(AppRail)
  expect(all('.rail-unreadable')).toEqual([])
  useScreenStore().toggleRail()
  await nextTick()
  expect(find('.rail-unreadable').textContent?.trim()).toBe('1')
  find('.rail-unreadable').click()
  expect(useNoticesStore().notices.map(({ text }) => text)).toEqual(['x/run.json is not usable.'])
})

it('has its search at hand where it is folded, by a button and by a key', async () => {
  await openLab({ listRuns: () => Promise.resolve([summaryOf(runView(2, { state: 'finished' }, 'one'))]) })
  await useRunsStore().read()
  const screen = useScreenStore()
  await mount(AppRail)
  for (const isNarrow of [false, true]) {
    vi.stubGlobal('matchMedia', () => ({ matches: isNarrow, addEventListener: () => undefined }))
    screen.watchWidth()
    if (!screen.railFolded) screen.toggleRail()
    await nextTick()
    find<HTMLButtonElement>('button[aria-label="Search runs"]').click()
    await vi.waitFor(() => expect(document.activeElement).toBe(find('input[type="search"]')))
    expect(screen.railFolded).toBe(false)
  }
  vi.unstubAllGlobals()
})

it('looks for no devices and offers no experiment where the lab has refused the page', async () => {
  setActivePinia(createPinia())
  await mount(AppRail)
  expect(find('.device summary').textContent).toContain('Looking for devices …')
  useLabStore().detach(new LabError('no-session', 'This link has been used before').data)
  await nextTick()
  expect(find('.device summary').textContent).toContain('Not connected')
  expect(all('.rail-new')).toEqual([])
  expect(find('.device-panel').textContent).toContain('not connected to the lab')
  expect(all('.device-panel footer')).toEqual([]) // a button there could do nothing
})

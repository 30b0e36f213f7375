// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { h, nextTick } from 'vue'
import CommandPalette from '../../../../src/renderer/components/CommandPalette.vue'
import TermHelp from '../../../../src/renderer/components/TermHelp.vue'
import TermPopover from '../../../../src/renderer/components/TermPopover.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView, summaryOf } from '../run-view'
import { all, find, mount, openLab, press, type } from './mount'

const views = ['one', 'two'].map((id) => runView(2, { state: 'finished' }, id))
const listed = () => views.map((view) => summaryOf(view, { name: `Run ${view.file.id}` }))

beforeEach(async () => {
  await openLab({
    listRuns: () => Promise.resolve(listed()),
    openRun: (id) => Promise.resolve(views.find(({ file }) => file.id === id) ?? runView(2)),
    readDigits: (_id, firstEpoch) => Promise.resolve({ firstEpoch, epochs: 0, models: 2, pixels: new Uint8Array() })
  })
  await useRunsStore().read()
  await useRunStore().open('one')
  useScreenStore().screen = 'run'
  useScreenStore().dialog = 'palette'
})

const options = () => all('[role="option"]').map((one) => one.textContent)
const chosen = () => find('[aria-selected="true"]')

it('lists what may be given with its keys, and the other runs', async () => {
  await mount(CommandPalette)
  expect(options()).toEqual(expect.arrayContaining(['SettingsCtrl,', 'Image: test digit 11', 'Open run: Run two']))
  expect(options().join()).not.toMatch(/Pause|Run one|Command palette/)
  expect(find('[role="combobox"]').getAttribute('aria-activedescendant')).toBe(chosen().id)
})

it('finds by words, moves by arrows round the ends, and gives on Enter', async () => {
  await mount(CommandPalette)
  await type(find<HTMLInputElement>('input'), 'theme')
  expect(options()).toHaveLength(2) // the third is in use
  expect(find('[role="status"]').textContent).toBe('2 results')
  const first = chosen().textContent
  await press('ArrowUp')
  expect(chosen().textContent).not.toBe(first)
  await press('ArrowDown')
  expect(chosen().textContent).toBe(first)
  await type(find<HTMLInputElement>('input'), 'rename')
  await press('Enter')
  await vi.waitFor(() => expect(useScreenStore().renaming).toBe(true))
  expect(useScreenStore().dialog).toBeNull()
})

it('opens a run by its name', async () => {
  await mount(CommandPalette)
  await type(find<HTMLInputElement>('input'), 'run two')
  await press('Enter')
  await vi.waitFor(() => expect(useRunStore().id).toBe('two'))
})

it('says that nothing matches, and gives nothing then', async () => {
  await mount(CommandPalette)
  await type(find<HTMLInputElement>('input'), 'zebra')
  expect([options().length, find('[role="status"]').textContent]).toEqual([0, 'Nothing matches'])
  await press('Enter')
  expect(useScreenStore().dialog).toBe('palette')
  expect(await press('k', { ctrlKey: true })).toBe(true) // else the browser’s own search takes it
  await vi.waitFor(() => expect(useScreenStore().dialog).toBeNull())
})

it('explains a term where it stands; Escape closes it alone and gives the focus back', async () => {
  await mount({ render: () => [h(TermHelp, { of: 'gapClosed' }), h(TermHelp, { of: ['bce', 'mse'] }), h(TermPopover)] })
  const heard = vi.fn()
  addEventListener('keydown', heard)
  const [gap, losses] = all('.term')
  gap?.focus()
  gap?.click()
  await nextTick()
  expect(find('#term-help').textContent).toContain('Gap closed. How much of the way')
  expect([gap, losses].map((one) => one?.getAttribute('aria-expanded'))).toEqual(['true', 'false'])
  losses?.click()
  await nextTick()
  expect(all('#term-help p')).toHaveLength(2)
  await press('Escape')
  expect([find('#term-help').textContent, document.activeElement, heard.mock.calls.length]).toEqual(['', losses, 0])
  removeEventListener('keydown', heard)
})

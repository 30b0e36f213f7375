// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import ChartMenu from '../../../../src/renderer/components/board/ChartMenu.vue'
import RunMenu from '../../../../src/renderer/components/RunMenu.vue'
import { runView, summaryOf } from '../run-view'
import { all, find, focused, mount, openLab, press } from './mount'

beforeEach(async () => void (await openLab()))

const onClose = vi.fn()
const run = (state: 'finished' | 'running', epochsDone = 2) => summaryOf(runView(epochsDone, { state }), { epochsDone })
const menus = [
  [
    'of a run',
    RunMenu,
    { run: run('finished') },
    [
      'OpenEnter',
      'RenameF2',
      'Tags and noteT',
      'CompareC',
      'Copy the folder’s path',
      'Export report',
      'Export for other tools',
      'Save animation',
      'DeleteDel'
    ]
  ],
  [
    'of a chart',
    ChartMenu,
    { label: 'Loss of d = 2' },
    ['Show as table', 'Copy as CSV', 'Save figure …', 'Zoom in+', 'All epochs']
  ]
] as const

describe.each(menus)('the menu %s', (_, component, props, entries) => {
  beforeEach(async () => {
    onClose.mockReset()
    await mount(component, { x: 10, y: 10, ...props, onClose })
  })

  it('has the focus on its first entry; arrows go round, Home and End to the ends', async () => {
    expect(all('[role="menuitem"]').map((one) => one.textContent)).toEqual(entries)
    const last = entries[entries.length - 1]
    for (const [key, entry] of [
      ['ArrowDown', entries[1]],
      ['ArrowUp', entries[0]],
      ['ArrowUp', last],
      ['ArrowDown', entries[0]],
      ['End', last],
      ['Home', entries[0]]
    ] as const) {
      expect(await press(key)).toBe(true)
      expect(focused()).toBe(entry)
    }
    expect(onClose).not.toHaveBeenCalled()
  })

  it.each(['Escape', 'Tab'])('closes on %s', async (key) => {
    expect(await press(key)).toBe(true)
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('closes on a press elsewhere, not on one inside', () => {
    find('[role="menuitem"]').dispatchEvent(new Event('pointerdown', { bubbles: true }))
    expect(onClose).not.toHaveBeenCalled()
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
    expect(onClose).toHaveBeenCalledOnce()
  })
})

it.each(menus)('the menu %s keeps its keys from what lies under it', async (_, component, props) => {
  await mount(component, { x: 0, y: 0, ...props, onClose })
  const heard = vi.fn()
  document.body.addEventListener('keydown', heard)
  onTestFinished(() => document.body.removeEventListener('keydown', heard))
  for (const key of ['ArrowDown', 'o', 'F2', 'Delete']) await press(key)
  expect(heard).not.toHaveBeenCalled()
})

it('renames and deletes its own run by the keys that it prints', async () => {
  const [onRename, onRemove] = [vi.fn(), vi.fn()]
  const mine = { ...run('finished'), id: 'b' }
  await mount(RunMenu, { x: 0, y: 0, run: mine, onRename, onRemove })
  expect(await press('F2')).toBe(true)
  expect(await press('Delete')).toBe(true)
  expect([onRename.mock.calls, onRemove.mock.calls]).toEqual([[['b']], [['b']]])
})

it('gives out what is chosen', async () => {
  const given = { onTable: vi.fn(), onCsv: vi.fn(), onFigure: vi.fn(), onZoom: vi.fn(), onAll: vi.fn() }
  await mount(ChartMenu, { x: 0, y: 0, label: '', ...given })
  for (const entry of all('[role="menuitem"]')) entry.click()
  for (const chosen of Object.values(given)) expect(chosen).toHaveBeenCalledOnce()
})

it('offers no report before the first epoch and no deletion of a run that trains', async () => {
  const onRemove = vi.fn()
  await mount(RunMenu, { x: 0, y: 0, run: run('running', 0), onRemove })
  const disabled = all('[role="menuitem"][aria-disabled="true"]')
  expect(disabled.map((one) => one.textContent)).toEqual([
    'Export report',
    'Export for other tools',
    'Save animation',
    'DeleteDel'
  ])
  for (const entry of disabled) entry.click()
  await press('Delete')
  expect(onRemove).not.toHaveBeenCalled()
})

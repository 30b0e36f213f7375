// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import RunHeader from '../../../../src/renderer/components/RunHeader.vue'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { varying } from '../../../fixtures/varying'
import { runView } from '../run-view'
import { all, find, mount, openLab, press, type } from './mount'

const renameRun = vi.fn<(id: string, name: string) => Promise<void>>()

beforeEach(async () => {
  renameRun.mockReset().mockResolvedValue()
  await openLab({ renameRun })
})

/** Begins to rename, as F2 does. */
async function rename(text: string): Promise<void> {
  useScreenStore().renaming = true
  await nextTick()
  const field = find<HTMLInputElement>('h1 input')
  expect(field.value).toBe('A run')
  await type(field, text)
}

it('renames on Enter, once, and gives the focus to the name', async () => {
  await mount(RunHeader, { view: runView(2) })
  await rename('Another')
  await press('Enter')
  await vi.waitFor(() => expect(all('h1 input')).toEqual([]))
  expect(renameRun.mock.calls).toEqual([['one', 'Another']])
  await vi.waitFor(() => expect(document.activeElement).toBe(find('h1')))
})

it('keeps the name on Escape', async () => {
  await mount(RunHeader, { view: runView(2) })
  await rename('Another')
  await press('Escape')
  expect([all('h1 input').length, renameRun.mock.calls.length]).toEqual([0, 0])
})

it('says the recipe, whatever is varied', async () => {
  await mount(RunHeader, { view: runView(2) })
  expect(find('.recipe').textContent).toBe('mnist · tanh · batch 128 · 70 epochs · seed 1')
  const experiment = varying('activation', ['tanh', 'relu'], { seeds: [1, 2] })
  await mount(RunHeader, { view: runView(2, {}, 'two', experiment) })
  expect(all('.recipe')[1]?.textContent).toBe('mnist · d = 16 · batch 128 · 70 epochs · 2 seeds')
})

it('has the buttons that its state allows', async () => {
  await mount(RunHeader, { view: runView(2, { state: 'paused' }) })
  expect(all('.actions button').map((one) => one.textContent?.trim())).toEqual(['Resume', 'Stop', 'Export report'])
})

it('shows no steering while the lab can’t be reached', async () => {
  await mount(RunHeader, { view: runView(2) })
  useLabStore().detach()
  await nextTick()
  expect(all('.actions button')).toEqual([])
  expect(find('.status').textContent).toContain('Last known: epoch 3 of 70')
})

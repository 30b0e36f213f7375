// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import RunView from '../../../../src/renderer/views/RunView.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { runView } from '../run-view'
import { all, find, mount, openLab } from './mount'

vi.mock('../../../../src/renderer/components/board/OverviewBoard.vue', () => ({ default: { render: () => null } })) // charts need a real canvas

it('lays the notices of a run over its sentence, each until it is dismissed', async () => {
  const view = runView(2, { state: 'failed' })
  view.file.error = { kind: 'failed', problem: 'The disk is full' } as never
  await openLab({ openRun: () => Promise.resolve(view) })
  await useRunStore().open('one')
  await mount(RunView)
  expect(find('.notices .notice').textContent).toContain('The disk is full.')
  find('.notices [aria-label="Dismiss"]').click()
  await nextTick()
  expect(all('.notice')).toEqual([])
  expect(find('.status').textContent).toContain('Failed')
})

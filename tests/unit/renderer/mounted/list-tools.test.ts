// @vitest-environment happy-dom
// The field that searches the list of runs: what it keeps of keys for itself.
import { expect, it, onTestFinished } from 'vitest'
import { nextTick } from 'vue'
import ListTools from '../../../../src/renderer/components/ListTools.vue'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { find, mount, openLab, press, type } from './mount'

it('leaves the window its keys but Escape, which empties the field', async () => {
  await openLab()
  await mount(ListTools)
  const heard: string[] = []
  const hear = ({ key, ctrlKey }: KeyboardEvent) => heard.push(`${ctrlKey ? 'Ctrl+' : ''}${key}`)
  addEventListener('keydown', hear)
  onTestFinished(() => removeEventListener('keydown', hear))
  await type(find<HTMLInputElement>('input'), 'tanh')
  await press('k', { ctrlKey: true })
  await press('Escape')
  await nextTick()
  expect([heard, useRunsStore().filter]).toEqual([['Ctrl+k'], ''])
})

// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import StorageDialog from '../../../../src/renderer/components/StorageDialog.vue'
import { find, mount, openLab } from './mount'

it.each([
  [['one'], '1 run takes 4 kB.'],
  [['one', 'two'], '2 runs take 8 kB.']
])('says of %j what the disk holds', async (ids, text) => {
  const parts = { checkpoints: 1000, digits: 1000, weights: 1000, other: 1000 }
  await openLab({ measureStorage: () => Promise.resolve(ids.map((id) => ({ id, ...parts }))) })
  await mount(StorageDialog)
  await vi.waitFor(() => expect(find('.sum').textContent).toContain(text))
})

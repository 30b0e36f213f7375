// @vitest-environment happy-dom
// An image enlarged on the overview: it says after which epoch it was drawn, also where that is not the one looked at.
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { DigitHistory } from '@shared/contract'
import OverviewBoard from '../../../../src/renderer/components/board/OverviewBoard.vue'
import { useCursorStore } from '../../../../src/renderer/stores/cursor-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { runView } from '../run-view'
import { find, mount, openLab } from './mount'

vi.mock('../../../../src/renderer/components/board/LossChart.vue', () => ({ default: { render: () => null } })) // there is no canvas here

const SIZE = 2 * 20 * 784
/** Those of epoch 20 alone come. */
const last: DigitHistory = { firstEpoch: 17, epochs: 4, models: 2, pixels: new Uint8Array(4 * SIZE) }
let epochs: number
let link: Awaited<ReturnType<typeof openLab>>

beforeEach(async () => {
  epochs = 20
  link = await openLab({
    openRun: () => Promise.resolve(runView(epochs)),
    readDigits: (_, first) => (first === 17 ? Promise.resolve(last) : new Promise(() => undefined))
  })
})

async function enlarge(): Promise<void> {
  await vi.waitFor(() => expect(find('[data-gallery]').getAttribute('aria-label')).toMatch(/^Ten reconstructions/))
  find('[data-gallery] button').click()
  await nextTick()
}

it('names the epoch that the image is of while those of another have yet to come', async () => {
  await useRunStore().open('one')
  await mount(OverviewBoard)
  await enlarge()
  expect(find('dialog h2').textContent).toBe('Test digit 1, epoch 20')
  useCursorStore().goTo(3)
  await nextTick()
  expect(find('dialog h2').textContent).toBe('Test digit 1, epoch 20')
})

it('says that an image was drawn within the first epoch', async () => {
  epochs = 0
  await useRunStore().open('one')
  await mount(OverviewBoard)
  link.emit('digitsArrived', { id: 'one', epoch: 1, step: 10, digits: new Uint8Array(SIZE) })
  await enlarge()
  expect(find('dialog h2').textContent).toBe('Test digit 1, during epoch 1')
})

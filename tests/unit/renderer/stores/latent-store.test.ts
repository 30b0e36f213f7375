// @vitest-environment happy-dom
// What is chosen among the codes: it belongs to the images of a data set, and goes with them.
import { nextTick } from 'vue'
import { beforeEach, expect, it } from 'vitest'
import { useDrawStore } from '../../../../src/renderer/stores/draw-store'
import { useLatentStore } from '../../../../src/renderer/stores/latent-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { openLab } from '../mounted/mount'
import { runView } from '../run-view'

beforeEach(async () => {
  await openLab({
    openRun: (id: string) => {
      const view = runView(3, { state: 'finished' }, id)
      const sha256 = id === 'clothes' ? 'f'.repeat(64) : ''
      return Promise.resolve({ ...view, file: { ...view.file, dataset: { ...view.file.dataset, sha256 } } })
    }
  })
  await useRunStore().open('digits')
})

async function open(id: string): Promise<void> {
  await useRunStore().open(id)
  await nextTick()
}

it('keeps images and classes for another run on the same data, and forgets them for other data', async () => {
  const latent = useLatentStore()
  latent.pinned = 9000
  latent.pinnedTo = 8000
  latent.toggleClass(7)
  await open('more digits')
  expect([latent.pinned, latent.pinnedTo, [...latent.hiddenClasses]]).toEqual([9000, 8000, [7]])
  await open('clothes')
  expect([latent.pinned, latent.pinnedTo, [...latent.hiddenClasses]]).toEqual([0, 1, []])
})

it('draws on over other data of the same size, but not on a test image of those before', async () => {
  const draw = useDrawStore()
  draw.drawTo([{ x: 3, y: 3 }])
  draw.endStroke()
  draw.showDigit(9000)
  await open('clothes')
  expect([draw.drawing.digit, draw.drawing.strokes.length, draw.past.length]).toEqual([null, 1, 1])
  draw.undo()
  expect(draw.isBlank).toBe(true)
})

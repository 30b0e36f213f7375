// @vitest-environment happy-dom
// What the page keeps of models and images while runs of other data are opened.
import { nextTick } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { modelsOf } from '@shared/experiment'
import { tensorSizes } from '@shared/model'
import { weightBytes } from '../../../fixtures/weight-bytes'
import type { ToWorker } from '../../../../src/renderer/models/messages'
import { useDrawStore } from '../../../../src/renderer/stores/draw-store'
import { useModelsStore } from '../../../../src/renderer/stores/models-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { openLab } from '../mounted/mount'
import { runView } from '../run-view'

const posted: ToWorker[] = []
vi.mock('../../../../src/renderer/models/open-model-worker', () => ({
  openModelWorker: () => ({ post: (message: ToWorker) => posted.push(message), onMessage: () => undefined })
}))

/** A finished run on images of 28 × 28, and one on others of 20 × 28. */
function viewOf(id: string) {
  const view = runView(3, { state: 'finished' })
  const dataset =
    id === 'tall' ? { ...view.file.dataset, name: 'tall', sha256: 'f'.repeat(64), columns: 20 } : view.file.dataset
  return { ...view, file: { ...view.file, id, dataset } }
}

beforeEach(async () => {
  posted.length = 0
  await openLab({
    openRun: (id: string) => Promise.resolve(viewOf(id)),
    readTestImages: (name: string) => {
      const columns = name === 'tall' ? 20 : 28
      return Promise.resolve({ pixels: new Uint8Array(2 * 28 * columns), labels: new Uint8Array(2), rows: 28, columns })
    },
    readWeights: (id: string) => {
      const { experiment, dataset } = viewOf(id).file
      const models = modelsOf(experiment, dataset.rows * dataset.columns).map(({ layers }) =>
        weightBytes(tensorSizes(layers).map((size) => new Float32Array(size)))
      )
      return Promise.resolve({ epoch: 3, models })
    }
  })
})

it('shows nothing of a run before once another is open, and forgets its models where its images were others', async () => {
  const [run, models, draw] = [useRunStore(), useModelsStore(), useDrawStore()]
  models.viewers = 1
  await run.open('square')
  await vi.waitFor(() => expect(models.loaded?.key).toBe('square 3'))
  draw.showDigit(1)

  await run.open('tall')
  await nextTick()
  expect([models.loaded?.key, models.images?.columns]).not.toContain('square 3')
  expect(draw.size).toEqual({ width: 20, height: 28 })
  expect(draw.drawing.digit).toBeNull()
  await vi.waitFor(() => expect(models.loaded?.key).toBe('tall 3'))
  expect(models.images?.columns).toBe(20)
  const kinds = posted.map((message) => ('key' in message ? `${message.type} ${message.key}` : message.type))
  expect(kinds).toEqual(['images', 'weights square 3', 'forget square 3', 'images', 'weights tall 3'])
})

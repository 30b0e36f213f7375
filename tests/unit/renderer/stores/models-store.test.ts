// @vitest-environment happy-dom
// What the page keeps of models and images while runs of other data are opened.
import { LabError } from '@shared/errors'
import { nextTick } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { modelsOf } from '@shared/experiment'
import { tensorSizes } from '@shared/model'
import { weightBytes } from '../../../fixtures/weight-bytes'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { useDrawStore } from '../../../../src/renderer/stores/draw-store'
import { useModelsStore } from '../../../../src/renderer/stores/models-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { openLab } from '../mounted/mount'
import { runView } from '../run-view'

const posted: ToWorker[] = []
let answer: (message: FromWorker) => void
vi.mock('../../../../src/renderer/models/open-model-worker', () => ({
  openModelWorker: () => ({
    post: (message: ToWorker) => posted.push(message),
    onMessage: (listener: typeof answer) => (answer = listener)
  })
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

const asked = () => posted.flatMap((message) => (message.type === 'task' ? [message] : []))

it('keeps the effects of units by the number of images they were measured over', async () => {
  const models = useModelsStore()
  const few = models.unitEffectsOf('one 3', 0, 50)
  answer({ id: asked()[0]?.id ?? 0, result: Float32Array.of(1) })
  expect(await few).toEqual(Float32Array.of(1))
  const many = models.unitEffectsOf('one 3', 0, 200)
  answer({ id: asked()[1]?.id ?? 0, result: Float32Array.of(2) })
  expect(await many).toEqual(Float32Array.of(2))
  expect(await models.unitEffectsOf('one 3', 0, 200)).toEqual(Float32Array.of(2))
  expect(asked().map(({ input }) => input)).toEqual([50, 200].map((count) => ({ key: 'one 3', model: 0, count })))
})

it('asks again for what has failed', async () => {
  const models = useModelsStore()
  const failed = models.mapOf('one 3', 0)
  answer({ id: asked()[0]?.id ?? 0, result: null, error: new LabError('internal', 'RangeError: no test images').data })
  await expect(failed).rejects.toThrow('no test images')
  void models.mapOf('one 3', 0)
  expect(asked()).toHaveLength(2)
})

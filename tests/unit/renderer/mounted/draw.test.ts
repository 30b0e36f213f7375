// @vitest-environment happy-dom
// The drawing in a document: a digit chosen by its number, drawn upon by keyboard, taken back; what models make of it.
import { beforeEach, expect, it, vi } from 'vitest'
import { weightBytes } from '../../../fixtures/weight-bytes'
import { modelsOf } from '@shared/experiment'
import { tensorSizes } from '@shared/model'
import { randomStream } from '@shared/random'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { createModelWork } from '../../../../src/renderer/models/model-work'
import DrawView from '../../../../src/renderer/views/draw/DrawView.vue'
import { useDrawStore } from '../../../../src/renderer/stores/draw-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { runView } from '../run-view'
import { all, find, mount, openLab, press, type } from './mount'

vi.mock('../../../../src/renderer/models/open-model-worker', () => ({
  openModelWorker() {
    let hear: (message: FromWorker) => void = () => undefined
    const { receive } = createModelWork(
      (message) => queueMicrotask(() => hear(message)),
      (go) => setTimeout(go)
    )
    return {
      post: (message: ToWorker) => receive(message),
      onMessage: (listener: (message: FromWorker) => void) => (hear = listener)
    }
  }
}))

const random = randomStream('drawing')
const images = {
  pixels: Uint8Array.from({ length: 12 * 784 }, () => Math.floor(256 * random())),
  labels: Uint8Array.from({ length: 12 }, (_, index) => index % 10),
  rows: 28,
  columns: 28
}

beforeEach(async () => {
  const view = runView(3, { state: 'finished' })
  const models = modelsOf(view.file.experiment, 784).map(({ layers }) =>
    weightBytes(tensorSizes(layers).map((size) => new Float32Array(size)))
  )
  await openLab({
    openRun: () => Promise.resolve(view),
    readTestImages: () => Promise.resolve(images),
    readWeights: () => Promise.resolve({ epoch: 3, models })
  })
  await useRunStore().open('one')
  await mount(DrawView)
})

const figures = () => all('.through').map(({ textContent }) => textContent?.replace(/\s+/g, ' ').trim())
const field = () => find<HTMLInputElement>('.pick input')

async function choose(digit: string): Promise<void> {
  await type(field(), digit)
  field().dispatchEvent(new Event('change', { bubbles: true }))
  await vi.waitFor(() => expect(figures()[0]).toMatch(/MSE 0\.\d{4}/))
}

it('copies a digit chosen by its number, and says where its error stands among the test digits', async () => {
  await vi.waitFor(() => expect(figures()[0]).toMatch(/MSE –/))
  await choose('5')
  expect(find('.pad').getAttribute('aria-label')).toContain('test digit 5')
  await vi.waitFor(() => expect(figures()[1]).toMatch(/worse than \d+.% of test digits/))
  // all weights zero: each pixel is answered with one half
  const mse =
    [...images.pixels.subarray(4 * 784, 5 * 784)].reduce((sum, value) => sum + (value / 255 - 0.5) ** 2, 0) / 784
  expect(figures()[0]).toContain(`MSE ${mse.toFixed(4)}`)
  expect(figures()[0]).toContain(`BCE ${Math.LN2.toFixed(4)}`)
})

it('takes back what was drawn, cleared and chosen, one step after another', async () => {
  const draw = useDrawStore()
  find('.pad').focus()
  for (const key of [' ', 'ArrowRight', 'ArrowRight', ' ']) expect(await press(key)).toBe(true)
  expect(draw.drawing.strokes).toHaveLength(1)
  expect(await press('Delete')).toBe(true)
  expect(draw.isBlank).toBe(true)
  await choose('7')
  find('.pad').focus()
  for (const expected of [0, 1, 0]) {
    expect(await press('z', { ctrlKey: true })).toBe(true)
    expect(draw.drawing.strokes).toHaveLength(expected)
  }
  expect(find<HTMLButtonElement>('.undo').disabled).toBe(true)
})

it('what is drawn on a test digit is a drawing of its own', async () => {
  const draw = useDrawStore()
  await choose('2')
  find('.pad').focus()
  for (const key of [' ', 'ArrowRight', ' ']) await press(key)
  expect(draw.drawing.digit).toBeNull()
  expect(draw.isBlank).toBe(false)
  expect(find('.pad').getAttribute('aria-label')).toContain('a drawing')
})

it('changes the noise by key and tells the error to both images', async () => {
  await choose('3')
  find('.pad').focus()
  await press(']')
  expect(useDrawStore().noise).toBe(0.05)
  await vi.waitFor(() => expect(figures()[0]).toMatch(/to the noisy 0\.\d{4}/))
  await press('[')
  await vi.waitFor(() => expect(figures()[0]).not.toMatch(/to the noisy/))
})

it('a stroke ends with the pointer that drew it, not with another finger', () => {
  const draw = useDrawStore()
  const send = (type: string, pointerId: number) =>
    find('.pad').dispatchEvent(new PointerEvent(type, { pointerId, isPrimary: pointerId === 1, button: 0 }))
  send('pointerdown', 1)
  send('pointerdown', 2)
  send('pointerup', 2)
  expect([draw.stroke === null, draw.drawing.strokes.length]).toEqual([false, 0])
  send('pointerup', 1)
  expect([draw.stroke === null, draw.drawing.strokes.length]).toEqual([true, 1])
})

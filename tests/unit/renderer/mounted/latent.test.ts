// @vitest-environment happy-dom
// The latent space in a document: what it says of its parts, and what can be done without a pointer.
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { weightBytes } from '../../../fixtures/weight-bytes'
import { modelsOf, presets } from '@shared/experiment'
import { tensorSizes } from '@shared/model'
import { randomStream } from '@shared/random'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { createModelWork } from '../../../../src/renderer/models/model-work'
import { useLatentStore } from '../../../../src/renderer/stores/latent-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import LatentView from '../../../../src/renderer/views/latent/LatentView.vue'
import { runView } from '../run-view'
import { all, find, focused, mount, openLab, press, type } from './mount'

/** Whether the worker's answers wait until the test lets them go. */
let held: (() => void)[] | null = null
vi.mock('../../../../src/renderer/models/open-model-worker', () => ({
  openModelWorker() {
    let hear: (message: FromWorker) => void = () => undefined
    const { receive } = createModelWork(
      (message) => (held ? held.push(() => hear(message)) : queueMicrotask(() => hear(message))),
      (go) => setTimeout(go)
    )
    return {
      post: (message: ToWorker) => receive(message),
      onMessage: (listener: (message: FromWorker) => void) => (hear = listener)
    }
  }
}))

const random = randomStream('codes')
const images = {
  pixels: Uint8Array.from({ length: 12 * 784 }, () => Math.floor(256 * random())),
  labels: Uint8Array.from({ length: 12 }, (_, index) => index % 3),
  rows: 28,
  columns: 28
}

beforeEach(async () => {
  held = null
  const experiment = { ...presets.article, name: 'A run', varied: { key: 'latentDim' as const, values: [1, 3, 4] } }
  const view = runView(3, { state: 'finished' }, 'one', experiment)
  const models = modelsOf(experiment, 784).map(({ layers }) =>
    weightBytes(tensorSizes(layers).map((size) => Float32Array.from({ length: size }, () => random() / 10 - 0.05)))
  )
  await openLab({
    openRun: () => Promise.resolve(view),
    readTestImages: () => Promise.resolve(images),
    readWeights: () => Promise.resolve({ epoch: 3, models })
  })
  await useRunStore().open('one')
})

const page = () => find('.latent').textContent?.replace(/\s+/g, ' ') ?? ''

async function choose(model: string): Promise<void> {
  const select = find<HTMLSelectElement>('.tools select')
  select.value = [...select.options].find(({ text }) => text === model)?.value ?? ''
  select.dispatchEvent(new Event('change'))
  await nextTick()
}

it('says over how many images an effect is measured where there are few', async () => {
  useLatentStore().part = 'units'
  await mount(LatentView)
  await vi.waitFor(() => expect(page()).toContain('the MSE over the first 12 grows'))
})

it('says what plane a grid is of, once that is known', async () => {
  useLatentStore().part = 'grid'
  held = []
  await mount(LatentView)
  await choose('d = 3')
  expect(find('figcaption').textContent).toBe('')
  held.forEach((go) => go())
  held = null
  await choose('d = 4')
  await vi.waitFor(() => expect(find('figcaption').textContent).toContain('first two principal components'))
  await choose('d = 1')
  await vi.waitFor(() => expect(find('figcaption').textContent).toContain('the code’s one unit'))
})

it('shows all of another model’s plane, without the crosshair of the one before', async () => {
  await mount(LatentView)
  await choose('d = 3')
  const plane = find('.plane')
  await vi.waitFor(() => expect(all('.code-plane .standing')).toEqual([]))
  plane.focus()
  await press('ArrowRight')
  await press('+')
  expect(find('.cells dd').textContent).toMatch(/\d\.\d\d, /)
  await choose('d = 4')
  await vi.waitFor(() => expect(find('.cells dd').textContent).toBe('drag in the plane'))
  await vi.waitFor(() => expect(all('.code-plane .standing')).toEqual([]))
  expect(all('.code-plane:first-of-type .marks path')).toEqual([])
})

it('shows a class alone and selects it by keyboard', async () => {
  await mount(LatentView)
  await vi.waitFor(() => expect(all('.classes button')).toHaveLength(3))
  all('.classes button')[1]?.focus()
  expect(await press('Enter', { shiftKey: true })).toBe(true)
  expect(all('.classes [aria-pressed="true"]').map(({ textContent }) => textContent)).toEqual(['Class 14'])
  const select = all('.selection button').find(({ textContent }) => textContent?.trim() === 'Select the shown')
  select?.click()
  await nextTick()
  expect(useLatentStore().selected).toEqual([1, 4, 7, 10])
  expect(page()).toContain('4 test digits')
})

it('counts test digits from 1, as the overview does', async () => {
  const latent = useLatentStore()
  await mount(LatentView)
  const field = find<HTMLInputElement>('.side .test-digit input')
  expect([field.value, field.min, field.disabled]).toEqual(['1', '1', true]) // a number means nothing yet
  await vi.waitFor(() => expect([field.max, field.disabled]).toEqual(['12', false]))
  await type(field, '5')
  field.dispatchEvent(new Event('change'))
  await nextTick()
  expect([latent.pinned, field.value]).toEqual([4, '5'])
  expect(all('.cells dt').map(({ textContent }) => textContent)).toContain('Digit 5')
  latent.select([4])
  await nextTick()
  find('.strip button').focus()
  expect(focused()).toBe('Test digit 5, a 1')
  latent.part = 'units'
  await nextTick()
  expect(page()).toContain('Value for test digit 5')
  latent.part = 'morph'
  await nextTick()
  expect(find('.steps').getAttribute('aria-label')).toContain('from test digit 5 to 2')
})

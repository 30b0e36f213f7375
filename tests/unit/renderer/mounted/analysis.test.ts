// @vitest-environment happy-dom
// The tab of the analysis: what its sentences and tables say, also where there is no number.
import { beforeEach, expect, it, vi } from 'vitest'
import type { CodedModel, Codes } from '@shared/analysis'
import AnalysisTab from '../../../../src/renderer/components/analysis/AnalysisTab.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { runView } from '../run-view'
import { all, find, mount, openLab } from './mount'

vi.mock('../../../../src/renderer/components/analysis/PlainChart.vue', () => ({ default: { render: () => null } })) // there is no canvas here

const pixels = Buffer.from(new Uint8Array(784)).toString('base64')
const rate = { points: [1, 8].map((bits) => ({ bits, bytes: bits, mse: 0.05 / bits })), exact: 0.01 }
const model = (seed: number): CodedModel => ({
  seed,
  classMse: [0.01, 0.02],
  quantiles: [0, 1, 2, 3, 4, 5, 6].map((step) => step / 100),
  train: { bce: 0.2, mse: 0.05 },
  test: { bce: 0.21, mse: 0.06 },
  psnr: 12,
  ssim: 0.5,
  rate
})
const series = (models: CodedModel[]): Codes['series'][number] => ({
  models,
  worst: [{ index: 4, label: 8, mse: 0.25, original: pixels, copy: pixels }],
  best: [],
  pcaRate: rate
})
const codes: Codes = {
  kind: 'codes',
  epoch: 2,
  images: 10,
  seeds: [1],
  trainImages: 10,
  neighbours: 9,
  classes: [5, 5],
  series: [series([model(1)]), series([])], // of the second nothing is known
  rateImages: 10,
  codes: [],
  gaussian: []
}

beforeEach(async () => {
  await openLab({
    openRun: () => Promise.resolve(runView(2, { state: 'finished' })),
    readAnalysis: (_id, { kind }) => Promise.resolve(kind === 'codes' ? codes : null)
  })
  await useRunStore().open('one')
  await mount(AnalysisTab)
  await vi.waitFor(() => expect(all('table').length).toBeGreaterThan(4))
})

const heads = (table: string) => all(`[aria-label="${table}"] thead th`).map(({ textContent }) => textContent?.trim())
const text = () => find('.analysis').textContent?.replace(/\s+/g, ' ') ?? ''

it('has a dash where there is no number', () => {
  expect(text()).not.toContain('NaN')
  const last = (table: string) => all(`[aria-label="${table}"] tbody tr`)[1]?.querySelector('td')?.textContent?.trim()
  expect(['Error by image, as a table', 'Generalisation gap, as a table'].map(last)).toEqual(['–', '–'])
})

it('writes bits as they are counted', () => {
  expect(heads('Error against bytes, as a table')).toEqual(['Code', '1 bit', '8 bits', 'float32', 'bytes at 8 bits'])
})

it('names an image as all the window does', () => {
  expect(find('.sample').title).toBe('test digit 5, an 8: squared error 0.2500')
})

it('says of what seeds its figures are, in the same words everywhere', () => {
  expect(find('#quality + .how').textContent).toBe('After epoch 2, over all test images. One seed.')
})

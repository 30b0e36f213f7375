import { createCanvas } from '@napi-rs/canvas'
import { BasicPlatform, Chart, type ChartItem } from 'chart.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { factorChart, factorRanges, factorValues } from '../../../../src/shared/charts/factor'
import { isFree, type Box } from '../../../../src/shared/charts/free-box'
import { chartParts } from '../../../../src/shared/charts/parts'
import { lightTheme } from '../../../../src/shared/charts/theme'
import type { RunFile } from '../../../../src/shared/run'
import { fixtureRun } from '../../../fixtures/run-file'
import { varying } from '../../../fixtures/varying'

type Metric = Parameters<typeof factorValues>[1]
const widths = fixtureRun({ latentDims: [2, 8, 32] })
const datasets = (run: RunFile, metric: Metric) => factorChart({ metric, run, theme: lightTheme }).data.datasets
const labels = (run: RunFile, metric: Metric) => datasets(run, metric).map(({ label }) => label)

function drawn(run: RunFile, metric: Metric): Chart {
  const canvas = Object.assign(createCanvas(190, 140), { style: {} })
  const configuration = factorChart({ metric, run, theme: lightTheme })
  configuration.options = { ...configuration.options, responsive: false }
  return new Chart(canvas as unknown as ChartItem, { ...configuration, platform: BasicPlatform })
}

/** The names written on the plot, each with the box that its letters take. */
function names(chart: Chart): (Box & { name: string })[] {
  const { ctx } = chart
  const written: (Box & { name: string })[] = []
  ctx.fillText = (name, x, y) => {
    const isName = /[A-Za-z]/.test(name)
    if (isName) written.push({ name, left: x, right: x + ctx.measureText(name).width, top: y - 5, bottom: y + 5 })
  }
  chart.draw()
  return written
}

/** The words below the axis of a chart as it is drawn. */
function tickLabels(run: RunFile): unknown[] {
  const canvas = Object.assign(createCanvas(200, 120), { style: {} })
  const configuration = factorChart({ metric: 'ssim', run, theme: lightTheme })
  configuration.options = { ...configuration.options, responsive: false }
  const chart = new Chart(canvas as unknown as ChartItem, { ...configuration, platform: BasicPlatform })
  return chart.scales.x?.ticks.map(({ label }) => label) ?? []
}

beforeAll(() => Chart.register(...chartParts))

describe('factorChart', () => {
  it('shows both bounds with the loss of the run and PCA with MSE', () => {
    expect(labels(widths, 'bce')).toEqual(['BCE', 'mean digit', 'perfect copy'])
    expect(labels(widths, 'mse')).toEqual(['MSE', 'PCA'])
    expect(labels(widths, 'ssim')).toEqual(['SSIM'])
    const byMse = fixtureRun({ experiment: { base: { ...widths.experiment.base, loss: 'mse' } } })
    expect(labels(byMse, 'bce')).toEqual(['BCE'])
    expect(labels(byMse, 'mse')).toEqual(['MSE', 'mean digit', 'perfect copy', 'PCA'])
  })
  it('names the bounds once where losses are so high that they are one line', () => {
    const models = widths.models.map((one) => ({ ...one, metrics: one.metrics && { ...one.metrics, bce: 27.772 } }))
    const names = factorChart({ metric: 'bce', run: { ...widths, models }, theme: lightTheme }).data.datasets
    expect(names.map(({ label }) => label)).toEqual(['BCE', '', 'mean digit, perfect copy'])
  })
  it.each([
    ['below PCA', [0.05, 0.03, 0.01]],
    ['above PCA', [0.08, 0.06, 0.03]],
    ['across PCA', [0.0675, 0.0473, 0.001]]
  ])('writes names on no line where the models lie %s', (_, losses) => {
    const models = widths.models.map((one, index) => ({
      ...one,
      metrics: one.metrics && { ...one.metrics, mse: losses[index] ?? 0, bce: 4 * (losses[index] ?? 0) }
    }))
    const bounds = { perfectCopy: 0.058, meanDigit: 0.2625, pcaMse: [0.0557, 0.0374, 0.0168] }
    for (const metric of ['mse', 'bce'] as const) {
      const chart = drawn({ ...widths, models, bounds }, metric)
      const written = names(chart)
      expect(written.map(({ name }) => name)).toEqual(metric === 'mse' ? ['PCA'] : ['mean digit', 'perfect copy'])
      const lines = chart.data.datasets.map((_, dataset) => chart.getDatasetMeta(dataset).data)
      for (const { name, ...box } of written) expect(isFree(box, lines), name).toBe(true)
    }
  })
  it('puts each series at its value', () => {
    const expected = widths.models.map((model) => ({ x: model.latentDim, y: model.metrics?.bce }))
    expect(datasets(widths, 'bce')[0]?.data).toEqual(expected)
    expect(tickLabels(widths)).toEqual(['2', '8', '32'])
  })
  it('draws the mean over the seeds, one point a series', () => {
    const run = fixtureRun({ latentDims: [2, 8], experiment: { seeds: [1, 2, 3] } })
    const psnr = run.models.map(({ metrics }) => metrics?.psnr ?? NaN)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(factorValues(run, 'psnr')).toEqual([mean(psnr.slice(0, 3)), mean(psnr.slice(3))])
    const range = (values: number[]) => ({ low: Math.min(...values), high: Math.max(...values) })
    expect(factorRanges(run, 'psnr')).toEqual([range(psnr.slice(0, 3)), range(psnr.slice(3))])
    const models = run.models.map((model, index) => (index === 4 ? { ...model, metrics: null } : model))
    expect(factorRanges({ ...run, models }, 'psnr')).toEqual([range(psnr.slice(0, 3)), null])
    expect(factorRanges(widths, 'psnr')).toEqual([null, null, null])
    expect(datasets(run, 'psnr')[0]?.data.map(({ x }) => x)).toEqual([2, 8])
  })
  it('takes rates in equal steps for equal ratios, without what is said of widths', () => {
    const rates = fixtureRun({ experiment: varying('learningRate', [0.1, 0.001, 0.01]) })
    expect(labels(rates, 'mse')).toEqual(['MSE'])
    expect(tickLabels(rates)).toEqual(['0.001', '0.01', '0.1'])
    const chart = factorChart({ metric: 'bce', run: rates, theme: lightTheme })
    expect(chart.options?.scales?.x?.type).toBe('logarithmic')
  })
  it('takes names side by side in the order given, with no line between them', () => {
    const activations = fixtureRun({ experiment: varying('activation', ['tanh', 'relu', 'linear']) })
    const [points] = datasets(activations, 'ssim')
    expect(points?.data.map(({ x }) => x)).toEqual([0, 1, 2])
    expect([points?.showLine, datasets(widths, 'ssim')[0]?.showLine]).toEqual([false, true])
    expect(tickLabels(activations)).toEqual(['tanh', 'relu', 'linear'])
  })
  it('leaves a gap where a metric was not measured', () => {
    const run = { ...widths, models: widths.models.map((model) => ({ ...model, metrics: null })) }
    expect(datasets(run, 'psnr')[0]?.data.map(({ y }) => y)).toEqual([NaN, NaN, NaN])
    expect(factorValues(run, 'gapClosed')).toEqual([null, null, null])
  })
})

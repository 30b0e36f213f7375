// The words on a loss chart lie on no line, and nothing lies behind them.
import { createCanvas } from '@napi-rs/canvas'
import { BasicPlatform, Chart, type ChartItem } from 'chart.js'
import { beforeAll, expect, it } from 'vitest'
import { isFree, type Box } from '../../../../src/shared/charts/free-box'
import {
  lossChart,
  moveLossCursor,
  updateLossChart,
  type LossChart,
  type LossChartOptions
} from '../../../../src/shared/charts/loss'
import { allLines } from '../../../../src/shared/charts/loss-plot'
import { chartParts } from '../../../../src/shared/charts/parts'
import { lightTheme } from '../../../../src/shared/charts/theme'
import type { LossCurve } from '../../../../src/shared/series'

const bounds = { perfectCopy: 0.058, meanDigit: 0.2625 }
const one = (val: LossCurve) => ({ label: 'd = 2', short: '2', rank: 0, train: [], val, band: null })
const options: LossChartOptions = {
  series: [],
  seriesCount: 1,
  bounds,
  highest: 0.3,
  epochs: 10,
  scale: 'linear',
  theme: lightTheme,
  overlaid: false,
  rowAxis: true,
  cursor: null,
  endLabels: false,
  boundLabels: true,
  cursorLabels: true,
  showXAxis: false
}

function draw(chosen: Partial<LossChartOptions>, width = 220, height = 90): LossChart {
  const canvas = Object.assign(createCanvas(width, height), { style: {} })
  const configuration = lossChart({ ...options, ...chosen })
  configuration.options = { ...configuration.options, responsive: false }
  return new Chart(canvas as unknown as ChartItem, { ...configuration, platform: BasicPlatform })
}

/** What is written on the plot, each with its box, when the chart is drawn again. */
function words(chart: LossChart, cursor: number | null = null): (Box & { text: string })[] {
  const { ctx, chartArea } = chart
  const written: (Box & { text: string })[] = []
  const write = ctx.fillText.bind(ctx)
  ctx.fillText = (text, x, y) => {
    const width = ctx.measureText(text).width
    const left = ctx.textAlign === 'right' ? x - width : x
    if (left > chartArea.left - 1) written.push({ text, left, right: left + width, top: y - 5, bottom: y + 5 })
  }
  moveLossCursor(chart, cursor)
  ctx.fillText = write
  return written
}

const names = (chart: LossChart) => words(chart).map(({ text }) => text)
const flat = (loss: number) => Array.from({ length: 10 }, () => loss)
const falling = Array.from({ length: 10 }, (_, index) => 0.3 - 0.02 * index)

beforeAll(() => Chart.register(...chartParts))

it.each([
  ['on the mean digit', flat(0.2626)],
  ['a little above it', flat(0.275)],
  ['a little below it', flat(0.25)],
  ['on a perfect copy', flat(0.06)],
  ['from above it', [0.9, 0.4, 0.31, 0.29, 0.28, 0.275, 0.27, 0.268, 0.266, 0.264]],
  ['through both', falling]
])('writes both names clear of a line that lies %s', (_, val) => {
  for (const overlaid of [false, true]) {
    const chart = draw({ series: [one(val)], overlaid })
    const written = words(chart)
    expect(written.map(({ text }) => text)).toContain('mean digit')
    expect(written.map(({ text }) => text)).toContain('perfect copy')
    for (const { text, ...box } of written) expect(isFree(box, allLines(chart)), text).toBe(true)
  }
})

it('writes a value beside its dot clear of the line, in a steep and in a shallow part', () => {
  const chart = draw({ series: [one([0.3, 0.22, 0.16, 0.12, 0.1, 0.09, 0.085, 0.08, 0.079, 0.078])] })
  for (const epoch of [1, 3, 6, 10]) {
    const value = words(chart, epoch).find(({ text }) => text.startsWith('0.'))
    expect(value, `epoch ${epoch}`).toBeDefined()
    if (value) expect(isFree(value, allLines(chart)), `epoch ${epoch}`).toBe(true)
  }
})

it('lays nothing behind words, which would hide a line', () => {
  const chart = draw({ series: [one(flat(0.275))] })
  chart.ctx.fillRect = () => expect.fail('a veil')
  moveLossCursor(chart, null)
})

it('keeps the names in their places while epochs come, as long as no line comes there', () => {
  const chart = draw({ series: [one([0.3])] })
  const first = words(chart)
  for (let epochs = 2; epochs <= 8; epochs++) {
    updateLossChart(chart, { ...options, series: [one(falling.slice(0, epochs))] })
    expect(words(chart), `${epochs}`).toEqual(first)
  }
})

it('leaves a name out for which there is no room', () => {
  expect(names(draw({ series: [one(falling)], highest: 3 }, 150, 60))).toEqual(['mean digit'])
  expect(names(draw({ series: [one(falling)] }, 80, 60))).toEqual([])
})

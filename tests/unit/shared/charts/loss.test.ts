import { createCanvas } from '@napi-rs/canvas'
import { BasicPlatform, Chart, type ChartItem } from 'chart.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { epochTicks } from '../../../../src/shared/charts/epoch-axis'
import {
  lossChart,
  lossData,
  moveLossCursor,
  updateLossChart,
  type LossChart,
  type LossChartOptions,
  type LossSeries
} from '../../../../src/shared/charts/loss'
import { highestLoss, lossRange, lossTicks } from '../../../../src/shared/charts/loss-scale'
import { lossCsv, lossTable } from '../../../../src/shared/charts/loss-table'
import { chartParts } from '../../../../src/shared/charts/parts'
import { lightTheme } from '../../../../src/shared/charts/theme'
import type { LossCurve } from '../../../../src/shared/series'

const bounds = { perfectCopy: 0.058, meanDigit: 0.2625 }
const seriesOf = (d: number, rank: number, train: LossCurve, val: LossCurve): LossSeries => ({
  label: `d = ${d}`,
  short: String(d),
  rank,
  train,
  val,
  band: null
})
const series = [
  seriesOf(2, 0, [0.3, null, 0.24], [0.28, 0.25, 0.23]),
  seriesOf(8, 1, [0.2, 0.15, 0.12], [0.18, 0.14, 0.11])
]
const options: LossChartOptions = {
  series,
  seriesCount: 2,
  bounds,
  highest: 0.23,
  epochs: 3,
  scale: 'linear',
  theme: lightTheme,
  overlaid: true,
  cursor: null,
  endLabels: true,
  boundLabels: true,
  showXAxis: true
}

function draw(chosen: LossChartOptions): { chart: LossChart; pixels: () => Buffer } {
  const canvas = Object.assign(createCanvas(400, 300), { style: {} })
  const configuration = lossChart(chosen)
  configuration.options = { ...configuration.options, responsive: false }
  const chart = new Chart(canvas as unknown as ChartItem, { ...configuration, platform: BasicPlatform })
  return { chart, pixels: () => canvas.toBuffer('image/png') }
}

beforeAll(() => Chart.register(...chartParts))

describe('lossChart', () => {
  it('has two lines a series and two bounds', () => {
    expect(lossChart(options).data.datasets.map(({ label }) => label)).toEqual([
      'd = 2, validation',
      'd = 2, training',
      'd = 8, validation',
      'd = 8, training',
      'mean digit',
      'perfect copy'
    ])
  })
  it('has no training line of a series without training losses', () => {
    const [first] = series
    const other = { ...seriesOf(8, 1, [], [0.18, 0.14, 0.11]), train: null }
    const { datasets } = lossChart({ ...options, series: first ? [first, other] : [] }).data
    expect(datasets.slice(0, 4).map(({ data }) => data.length)).toEqual([3, 3, 3, 0])
  })
  it('has the same heights whatever it shows, so that charts can be compared', () => {
    const one = draw({ ...options, series: series.slice(0, 1) }).chart
    const both = draw(options).chart
    expect(one.scales.y?.getPixelForValue(0.2)).toBe(both.scales.y?.getPixelForValue(0.2))
  })
  it('keeps the mean digit in its place when the scale toggles', () => {
    const height = (scale: LossChartOptions['scale'], value: number) =>
      draw({ ...options, scale }).chart.scales.y?.getPixelForValue(value) ?? 0
    expect(height('log', bounds.meanDigit - bounds.perfectCopy)).toBeCloseTo(height('linear', bounds.meanDigit), 0)
  })
  it('draws a loss that the axis does not reach nowhere but at its edge', () => {
    const high = [seriesOf(2, 0, [], [0.6, 0.2])]
    const plain = { ...options, series: high, overlaid: false, endLabels: false, boundLabels: false }
    const { chart } = draw(plain)
    const arcs: number[] = []
    const { ctx, chartArea } = chart
    const arc = ctx.arc.bind(ctx)
    ctx.arc = (x, y, ...rest) => {
      arcs.push(y)
      arc(x, y, ...rest)
    }
    moveLossCursor(chart, 1)
    expect(arcs).toEqual([])
    moveLossCursor(chart, 2)
    expect(arcs).toHaveLength(1)
    expect(arcs[0]).toBeGreaterThan(chartArea.top)
  })
  it('draws the training loss of a first epoch under way as an open circle at its epoch', () => {
    const begun = [{ ...seriesOf(2, 0, [], []), partialTrainLoss: 0.2 }]
    const { chart } = draw({ ...options, series: begun, boundLabels: false })
    const circles: number[][] = []
    chart.ctx.arc = (x, y) => void circles.push([x, y])
    moveLossCursor(chart, null)
    expect(circles).toEqual([[chart.chartArea.left, chart.scales.y?.getPixelForValue(0.2)]])
  })
  it('marks where a line comes from above the axis, and nothing where it does not', () => {
    const marksOf = (val: LossCurve) => {
      const high = [seriesOf(2, 0, [], val)]
      const { chart } = draw({ ...options, series: high, endLabels: false, boundLabels: false, epochs: 5 })
      const tips: number[] = []
      const { ctx } = chart
      ctx.moveTo = (x) => void tips.push(x)
      moveLossCursor(chart, null)
      return { tips, x: (epoch: number) => chart.scales.x?.getPixelForValue(epoch) ?? NaN }
    }
    const { tips, x } = marksOf([0.6, 0.5, 0.1, 0.1, 0.1])
    const tip = tips.find((at) => at > x(2) && at < x(3))
    expect(tip).toBeGreaterThan(x(2.4))
    const below = marksOf([0.2, 0.15, 0.1, 0.1, 0.1])
    expect(below.tips.filter((at) => at > x(2) && at < x(3))).toEqual([])
    expect(marksOf([0.6, null, 0.1, 0.1, 0.1]).tips.filter((at) => at > x(2) && at < x(3))).toEqual([])
  })
  it('draws anew for new epochs, for a cursor, and back again', () => {
    const { chart, pixels } = draw(options)
    const before = pixels()
    moveLossCursor(chart, 2)
    const scrubbed = pixels()
    expect(scrubbed.equals(before)).toBe(false)
    moveLossCursor(chart, null)
    expect(pixels().equals(before)).toBe(true)
    updateLossChart(chart, { ...options, scale: 'log' })
    expect(pixels().equals(before)).toBe(false)
  })
  it('leaves room for names as long as they are, and shortens the longest', () => {
    const plotWidth = (short: string) => {
      const { chart } = draw({ ...options, series: [{ ...seriesOf(2, 0, [], [0.2]), short }] })
      return chart.chartArea.width
    }
    expect(plotWidth('2')).toBe(plotWidth('128'))
    expect(plotWidth('sigmoid')).toBeLessThan(plotWidth('128'))
    expect(plotWidth('1024-512-256-128')).toBe(plotWidth('1024-512-2'))
  })
  it('draws the range over the seeds as a light area between its curves, inside the plot', () => {
    const plain = { ...options, endLabels: false, boundLabels: false, seriesCount: 1 }
    const val: LossCurve = [0.2, 0.2, 0.2]
    const band = { low: [0.15, 0.15, 0.15], high: [0.25, 0.6, 0.25] }
    const colourAt = (chosen: LossSeries, epoch: number, loss: number) => {
      const { chart } = draw({ ...plain, series: [chosen] })
      const [x, y] = [chart.scales.x?.getPixelForValue(epoch) ?? 0, chart.scales.y?.getPixelForValue(loss) ?? 0]
      return [...chart.ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data]
    }
    const one = seriesOf(2, 0, [], val)
    const blank = colourAt(one, 1.5, 0.175)
    const within = colourAt({ ...one, band }, 1.5, 0.175)
    expect(blank[3]).toBe(0)
    expect(within[3]).toBeGreaterThan(20)
    expect(within[3]).toBeLessThan(80)
    for (const loss of [0.13, 0.5]) expect(colourAt({ ...one, band }, 1.1, loss)[3]).toBe(0)
    const { chart } = draw({ ...plain, series: [{ ...one, band }] })
    const above = chart.ctx.getImageData(Math.round(chart.scales.x?.getPixelForValue(2) ?? 0), 1, 1, 1).data
    expect(above[3]).toBe(0)
  })
  it('takes one epoch, and none', () => {
    const short = series.map((one) => ({
      ...one,
      train: one.train?.slice(0, 1) ?? null,
      val: one.val.slice(0, 1)
    }))
    expect(() => draw({ ...options, series: short, epochs: 1 })).not.toThrow()
    expect(() => draw({ ...options, series: [], epochs: 0 })).not.toThrow()
  })
})

describe('lossData', () => {
  it('numbers epochs from 1 and leaves a gap where there is no loss', () => {
    expect(lossData([0.3, null], bounds, 'linear')).toEqual([
      { x: 1, y: 0.3 },
      { x: 2, y: NaN }
    ])
  })
  it('plots the distance to a perfect copy on a log scale, and never below its axis', () => {
    const [far, at] = lossData([0.158, 0.058], bounds, 'log')
    expect(far?.y).toBeCloseTo(0.1, 10)
    expect(at?.y).toBe(lossRange(bounds, 'log', 0.1).min)
  })
})

describe('the range of losses', () => {
  const usual = 0.2625 + 0.184 * 0.2045

  it('stays the bounds’ own while every latest loss fits', () => {
    expect(lossRange(bounds, 'linear', 0).max).toBeCloseTo(usual, 10)
    expect(lossRange(bounds, 'linear', usual - 1e-6).max).toBeCloseTo(usual, 10)
  })
  it.each([0.31, 0.4, 0.5437, 0.69, 1.2, 8, 16.1, 50])('grows until %d is inside, on both scales', (loss) => {
    for (const scale of ['linear', 'log'] as const) {
      const { min, max } = lossRange(bounds, scale, loss)
      const place = loss - (scale === 'log' ? bounds.perfectCopy : 0)
      expect(place).toBeGreaterThan(min)
      expect(place).toBeLessThan(max)
    }
  })
  it('moves in steps, not with each epoch', () => {
    const tops = Array.from({ length: 100 }, (_, i) => lossRange(bounds, 'linear', 0.3 + 0.004 * i).max)
    expect(new Set(tops).size).toBeLessThanOrEqual(6)
  })
  it('asks for the highest of the latest losses, of a few epochs for the highest of all; one that is no number does not count', () => {
    const curves = [
      { val: [0.9, 0.3], train: [1.2, 0.4], band: null },
      { val: [0.4, null], train: [0.6, null], band: null },
      { val: [], train: [], band: null }
    ]
    expect(highestLoss(curves, 70)).toBe(0.4)
    expect(highestLoss(curves, 2)).toBe(1.2)
    expect(highestLoss([], 2)).toBe(0)
    const band = { low: [0.8, 0.2], high: [1, 0.5] }
    expect(highestLoss([{ val: [0.9, 0.3], train: [], band }], 70)).toBe(0.5)
    expect(highestLoss([{ val: [], train: [], band: null, partialTrainLoss: 0.7 }], 70)).toBe(0.7)
  })
})

describe('ticks', () => {
  it.each([0.5437, 0.69, 2, 16])('lie within an axis that reaches %d, none near another', (loss) => {
    for (const scale of ['linear', 'log'] as const) {
      const { min, max } = lossRange(bounds, scale, loss)
      const share = (value: number) =>
        scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
      const places = lossTicks(bounds, scale, loss).map(share)
      expect(places.length).toBeGreaterThanOrEqual(4)
      places.forEach((place, index) => {
        expect(place).toBeGreaterThanOrEqual(0)
        expect(place).toBeLessThanOrEqual(1)
        expect(place - (places[index - 1] ?? -1)).toBeGreaterThan(0.04)
      })
    }
  })
  it('shows both bounds and round losses clear of them', () => {
    expect(lossTicks(bounds, 'linear', 0.2)).toEqual([0.058, 0.1, 0.15, 0.2, 0.2625])
  })
  it.each([
    [1, [1]],
    [5, [1, 2, 3, 4, 5]],
    [50, [1, 10, 20, 30, 40, 50]],
    [70, [1, 10, 20, 30, 40, 50, 60, 70]],
    [1000, [1, 200, 400, 600, 800, 1000]]
  ])('writes epochs to %i', (last, ticks) => {
    expect(epochTicks(last)).toEqual(ticks)
  })
})

describe('lossTable', () => {
  it('has a row an epoch and two columns a series', () => {
    expect(lossTable(series)).toEqual({
      columns: ['epoch', 'd = 2 training', 'd = 2 validation', 'd = 8 training', 'd = 8 validation'],
      rows: [
        [1, 0.3, 0.28, 0.2, 0.18],
        [2, null, 0.25, 0.15, 0.14],
        [3, 0.24, 0.23, 0.12, 0.11]
      ]
    })
  })
  it('has one column of a series without training losses', () => {
    const other = { ...seriesOf(8, 1, [], [0.18, 0.14]), train: null }
    expect(lossTable([other])).toEqual({
      columns: ['epoch', 'd = 8 validation'],
      rows: [
        [1, 0.18],
        [2, 0.14]
      ]
    })
  })
  it('puts a label with a comma in quotes', () => {
    const large = { ...seriesOf(8, 0, [0.2], [0.18]), label: 'batch size = 5,000' }
    expect(lossCsv([large])).toBe(
      'epoch,"batch size = 5,000 training","batch size = 5,000 validation"\r\n1,0.2,0.18\r\n'
    )
  })
  it('is CSV with a header line and empty cells', () => {
    expect(lossCsv(series).split('\r\n').slice(0, 3)).toEqual([
      'epoch,d = 2 training,d = 2 validation,d = 8 training,d = 8 validation',
      '1,0.3,0.28,0.2,0.18',
      '2,,0.25,0.15,0.14'
    ])
  })
})

import { createCanvas } from '@napi-rs/canvas'
import { BasicPlatform, Chart, type ChartItem } from 'chart.js'
import { beforeAll, describe, expect, it } from 'vitest'

import {
  epochAtPixel,
  lossChart,
  lossData,
  moveLossCursor,
  updateLossChart,
  type LossChart,
  type LossChartOptions,
  type LossSeries
} from '../../../../src/shared/charts/loss'
import { allEpochs, epochOf, xLabel, xOf, xRange, xTicks, type XAxis } from '../../../../src/shared/charts/x-axis'
import { zoomedRange, zoomedTicks } from '../../../../src/shared/charts/loss-zoom'
import { highestLoss, lossRange, lossTickLabel, lossTicks } from '../../../../src/shared/charts/loss-scale'
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
  it('points up, open, to a training loss under way that the axis does not reach, so that the axis keeps still', () => {
    const begun = [{ ...seriesOf(2, 0, [], []), partialTrainLoss: 0.69 }]
    const { chart } = draw({
      ...options,
      highest: highestLoss(begun, 70, bounds),
      series: begun,
      boundLabels: false,
      overlaid: false
    })
    const tips: number[] = []
    chart.ctx.arc = () => expect.fail('a circle outside the plot')
    chart.ctx.moveTo = (_, y) => void tips.push(y)
    moveLossCursor(chart, null)
    expect(Math.min(...tips)).toBeLessThan(chart.chartArea.top)
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
  it('writes no name of a bound over another where losses are far above both, and the losses within the canvas', () => {
    for (const overlaid of [true, false]) {
      const val = [2e6, 581_202, 581_202]
      const high = [{ ...seriesOf(2, 0, [], val), short: '1024' }]
      const { chart } = draw({ ...options, series: high, highest: 2e6, overlaid })
      const written: { text: string; right: number }[] = []
      const { ctx } = chart
      ctx.fillText = (text, x) => {
        const width = ctx.measureText(text).width
        written.push({ text, right: ctx.textAlign === 'left' ? x + width : x })
      }
      moveLossCursor(chart, null)
      const names = written.map(({ text }) => text).filter((text) => /digit|copy/.test(text))
      expect(names).toEqual(['mean digit, perfect copy'])
      expect(written.map(({ text }) => text)).toContain('5.81e5')
      for (const { text, right } of written) expect(right, text).toBeLessThanOrEqual(400)
    }
  })
  it('points up to a diverged model that the healthy ones leave above the axis, and says so at its name', () => {
    for (const scale of ['linear', 'log'] as const) {
      const curves = [...series.slice(0, 1), seriesOf(8, 1, [0.3, 60, 700], [0.3, 90, 900])]
      const { chart } = draw({ ...options, scale, series: curves, highest: highestLoss(curves, 3, bounds) })
      const { ctx, chartArea } = chart
      const written: { text: string; right: number; y: number }[] = []
      const heights: number[] = []
      ctx.fillText = (text, x, y) => void written.push({ text, right: x + ctx.measureText(text).width, y })
      ctx.moveTo = (_, y) => void heights.push(y)
      moveLossCursor(chart, null)
      const label = written.find(({ text }) => text === 'diverged')
      expect(label?.right).toBeLessThanOrEqual(400)
      expect(label?.y).toBeLessThan(chartArea.top + 12)
      expect(written.map(({ text }) => text)).toContain('0.2300')
      expect(Math.min(...heights)).toBeGreaterThan(chartArea.top - 12) // no stroke comes from far above
    }
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
    expect(lossData([0.3, null], { bounds, scale: 'linear' })).toEqual([
      { x: 1, y: 0.3 },
      { x: 2, y: NaN }
    ])
  })
  it('plots the distance to a perfect copy on a log scale, and never below its axis', () => {
    const [far, at] = lossData([0.158, 0.058], { bounds, scale: 'log' })
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
  it.each([0.31, 0.4, 0.5437, 0.69, 1.2, 8, 16.1, 50, 581_202, 1.8e18])(
    'grows until %d is inside, on both scales',
    (loss) => {
      for (const scale of ['linear', 'log'] as const) {
        const { min, max } = lossRange(bounds, scale, loss)
        const place = loss - (scale === 'log' ? bounds.perfectCopy : 0)
        expect(place).toBeGreaterThan(min)
        expect(place).toBeLessThan(max)
      }
    }
  )
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
    expect(highestLoss(curves, 70, bounds)).toBe(0.3)
    expect(highestLoss(curves, 2, bounds)).toBe(1.2)
    expect(highestLoss([], 2, bounds)).toBe(0)
    const band = { low: [0.8, 0.2], high: [1, 0.5] }
    expect(highestLoss([{ val: [0.9, 0.3], train: [], band }], 70, bounds)).toBe(0.5)
  })
  it('follows the healthy models, and those that have diverged where all have', () => {
    const healthy = { val: [0.5, 0.3], train: [0.6, 0.4], band: null }
    const diverged = { val: [40, 900], train: [8, 300], band: null }
    const seed = { val: [0.3, 0.6], train: null, band: { low: [0.2, 0.2], high: [0.4, 1.4] } }
    for (const epochs of [2, 70]) {
      const alone = highestLoss([healthy], epochs, bounds)
      expect(highestLoss([healthy, diverged], epochs, bounds)).toBe(alone)
      expect(highestLoss([healthy, seed], epochs, bounds)).toBe(alone)
      expect(highestLoss([diverged], epochs, bounds)).toBe(900)
    }
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
  it.each([50, 70, 581_202, 1.8e18])('of losses as high as %d are few, short, and reach up to the lines', (loss) => {
    for (const scale of ['linear', 'log'] as const) {
      const { min, max } = lossRange(bounds, scale, loss)
      const share = (value: number) =>
        scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
      const ticks = lossTicks(bounds, scale, loss)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(14)
      expect(share(ticks[ticks.length - 1] ?? 0)).toBeGreaterThan(0.5)
      expect(share(ticks[ticks.length - 1] ?? 0)).toBeLessThanOrEqual(1)
      ticks.slice(1).forEach((tick, index) => expect(share(tick) - share(ticks[index] ?? 0)).toBeGreaterThan(0.03))
      for (const tick of ticks) expect(lossTickLabel(tick, bounds, scale).length).toBeLessThanOrEqual(7)
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
    expect(xTicks({ min: 1, max: last }, allEpochs)).toEqual(ticks)
  })
})

describe('the axis below', () => {
  const steps: XAxis = { unit: 'step', scale: 'linear', first: 0, zoom: null }

  it('counts steps of each model and reaches to the most', () => {
    const two = [{ stepsPerEpoch: 100 }, { stepsPerEpoch: 500 }]
    expect(xOf(3, { stepsPerEpoch: 500 }, steps)).toBe(1500)
    expect(xRange(steps, 10, two)).toEqual({ min: 0, max: 5000 })
    expect(xRange({ ...steps, scale: 'log' }, 10, two)).toEqual({ min: 100, max: 5000 })
    expect(xRange({ ...steps, unit: 'epoch', zoom: { from: 4, to: 8 } }, 10, [{}])).toEqual({ min: 4, max: 8 })
  })
  it('counts training time: an epoch stands where it ended, there and back, and a shorter run ends where it ended', () => {
    const time: XAxis = { ...steps, unit: 'time' }
    const slow = { seconds: [10, 30, 36] }
    expect([0, 1, 1.5, 3, 6].map((epoch) => xOf(epoch, slow, time))).toEqual([0, 10, 20, 36, 72])
    for (const epoch of [0.5, 1, 2.25, 3, 4]) expect(epochOf(xOf(epoch, slow, time), slow, time)).toBeCloseTo(epoch, 9)
    const quick = { seconds: [1, 2, 3, 4, 5, 6], trained: 6 }
    expect(xRange(time, 6, [{ ...slow, trained: 3 }, quick])).toEqual({ min: 0, max: 36 })
    expect(xOf(1, { seconds: null }, time)).toBeNaN()
    expect([0.5, 20, 90, 300, 5400].map((seconds) => xLabel(seconds, 'time'))).toEqual([
      '0.5 s',
      '20 s',
      '90 s',
      '5 min',
      '1.5 h'
    ])
    expect(xTicks({ min: 0, max: 700 }, time, 7)).toEqual([0, 120, 240, 360, 480, 600])
  })
  it('of time on a log scale begins above 0, whatever an imported run says, and has ticks below a second', () => {
    const time: XAxis = { ...steps, unit: 'time', scale: 'log' }
    const range = xRange(time, 3, [{ seconds: [0, 1, 2] }])
    expect(range).toEqual({ min: 0.002, max: 2 })
    expect(xTicks(range, time)).toEqual([0.002, 0.005, 0.02, 0.05, 0.2, 0.5, 2])
    const still = xRange(time, 3, [{ seconds: [0, 0, 0] }])
    expect(still.min).toBeGreaterThan(0)
    expect(xTicks(still, time).length).toBeGreaterThan(2)
    expect(xTicks({ min: 0.1, max: 0.8 }, time)).toEqual([0.1, 0.2, 0.5])
    expect(xTicks({ min: 0, max: 0.03 }, { ...time, scale: 'linear' }, 3)).toEqual([0, 0.01, 0.02, 0.03])
    expect([0.002, 0.05, 0.2].map((seconds) => xLabel(seconds, 'time'))).toEqual(['0.002 s', '0.05 s', '0.2 s'])
  })
  it('has no more ticks than there is room for', () => {
    const log: XAxis = { ...steps, scale: 'log' }
    expect(xTicks({ min: 0, max: 70 }, steps, 2)).toEqual([0, 50])
    expect(xTicks({ min: 1, max: 70 }, log, 7)).toEqual([1, 2, 5, 10, 20, 50])
    expect(xTicks({ min: 10, max: 70_000 }, log, 3).length).toBeLessThanOrEqual(4)
  })
  it('looks at epochs where they stand, and beside the plot at none', () => {
    const { chart } = draw({ ...options, xAxis: steps, series: series.map((one) => ({ ...one, stepsPerEpoch: 100 })) })
    const at = (x: number, beyond?: boolean) =>
      epochAtPixel(
        chart,
        x,
        { ...options, xAxis: steps, series: series.map((one) => ({ ...one, stepsPerEpoch: 100 })) },
        beyond
      )
    expect(at(chart.scales.x?.getPixelForValue(200) ?? 0)).toBeCloseTo(2, 6)
    expect(at(0)).toBeNull()
    expect(at(0, true)).toBeLessThan(0)
  })
})

describe('a part of the epochs', () => {
  it('is filled by the losses in it, on both scales', () => {
    const curve = [0.5, 0.2, 0.1, null, 0.09]
    for (const scale of ['linear', 'log'] as const) {
      const range = zoomedRange([curve], { from: 2, to: 5 }, bounds, scale)
      const plotted = lossData([0.2, 0.09], { bounds, scale }).map(({ y }) => y)
      expect(range?.max).toBeGreaterThan(plotted[0] ?? NaN)
      expect(range?.max).toBeLessThan(0.5)
      expect(range?.min).toBeLessThan(plotted[1] ?? NaN)
      const ticks = range ? zoomedTicks(range, scale) : []
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      for (const tick of ticks) expect(tick >= (range?.min ?? NaN) && tick <= (range?.max ?? NaN)).toBe(true)
    }
    expect(zoomedRange([[null]], { from: 0, to: 2 }, bounds, 'linear')).toBeNull()
  })
})

describe('what is written at the epoch looked at', () => {
  const written = (chosen: LossChartOptions, cursor: number | null) => {
    const { chart } = draw(chosen)
    const texts: string[] = []
    chart.ctx.fillText = (text) => void texts.push(text)
    moveLossCursor(chart, cursor)
    return texts
  }

  it('is the loss there, at the lines’ ends and at the dots; nothing for the untrained', () => {
    expect(written(options, 2)).toEqual(expect.arrayContaining(['0.2500', '0.1400']))
    expect(written(options, 2)).not.toContain('0.2300')
    expect(written(options, null)).toContain('0.2300')
    const row = { ...options, overlaid: false, endLabels: false, boundLabels: false, cursorLabels: true, rowAxis: true }
    expect(written({ ...row, series: series.slice(0, 1) }, 1)).toContain('0.2800')
    expect(written({ ...row, series: series.slice(0, 1) }, 0)).not.toContain('0.2800')
  })
  it('says of which epoch the loss is of a series that has trained fewer', () => {
    const [first] = series
    const short = { ...seriesOf(8, 1, [0.2], [0.18]), short: 'B' }
    const both = { ...options, series: first ? [first, short] : [] }
    expect(written(both, null)).toContain('0.1800 at 1')
    expect(written(both, 3)).toContain('0.1800 at 1')
    expect(written(both, 1)).toContain('0.1800')
    const { chart } = draw(both)
    expect(chart.chartArea.right).toBeLessThan(draw(options).chart.chartArea.right)
  })
  it('names each seed', () => {
    const [first] = series
    const seeds = [1, 2].map((seed) => ({ label: `seed ${seed}`, val: [0.3, 0.2, 0.1 * seed] }))
    expect(written({ ...options, series: first ? [{ ...first, seeds }] : [] }, null)).toEqual(
      expect.arrayContaining(['seed 1', 'seed 2'])
    )
  })
})

it('draws smoothed lines over the losses as they are', () => {
  const plain = lossChart(options).data.datasets
  const { datasets } = lossChart({ ...options, smoothing: 0.9 }).data
  expect(datasets).toHaveLength(plain.length + series.length)
  expect(datasets.find(({ label }) => label === 'd = 8, validation, not smoothed')?.data).toEqual(plain[2]?.data)
  expect(datasets[2]?.data).not.toEqual(plain[2]?.data)
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
  it('has the standard deviation of several seeds, and their number', () => {
    const seeded = { ...seriesOf(8, 1, [0.3], [0.18]), sd: { val: [0.01], mse: [0.002] }, models: [3, 4, 5] }
    expect(lossTable([seeded])).toEqual({
      columns: ['epoch', 'd = 8 training', 'd = 8 validation', 'd = 8 sd (n = 3)'],
      rows: [[1, 0.3, 0.18, 0.01]]
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

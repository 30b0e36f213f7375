// A Chart.js plugin that draws on a loss chart what lines can't say: bands over seeds, values at the ends, the bounds' names, the epoch looked at.
import type { Chart, Plugin, Point } from 'chart.js'
import { freeBox, type Box, type Polyline } from './free-box'
import type { LossSeries } from './loss'
import { plottedLoss, type LossBounds, type LossScale } from './loss-scale'
import { spread } from './spread'
import type { LossCurve } from '../series'
import type { ChartTheme } from './theme'

type LossMark = LossSeries & { colour: string }

export interface LossMarks {
  series: readonly LossMark[]
  bounds: LossBounds
  scale: LossScale
  theme: ChartTheme
  overlaid: boolean
  cursor: number | null
  endLabels: boolean
  boundLabels: boolean
}

type LossMarksPlugin = Plugin<'line'> & { marks: LossMarks }
/** What drawing needs of a chart. */
type Plot = Pick<Chart, 'ctx' | 'chartArea' | 'scales' | 'getDatasetMeta'>

const VEIL = 0.72 // opacity over what comes after the cursor, and behind a bound's name
const BAND = 0.18 // opacity of the area between the least and the greatest loss
const LONGEST_SHORT = 10 // characters of a short label at a line's end

export function lossMarks(marks: LossMarks): LossMarksPlugin {
  const plugin: LossMarksPlugin = {
    id: 'lossMarks',
    marks,
    beforeDatasetsDraw: (chart) => drawBands(chart, plugin.marks),
    afterDatasetsDraw: (chart) => {
      const { ctx } = chart
      ctx.save()
      drawEntries(chart, plugin.marks)
      if (plugin.marks.cursor !== null) drawCursor(chart, plugin.marks, plugin.marks.cursor)
      if (plugin.marks.boundLabels) drawBoundLabels(chart, plugin.marks)
      drawDots(chart, plugin.marks)
      drawOpenCircles(chart, plugin.marks)
      if (plugin.marks.endLabels) drawEndLabels(chart, plugin.marks)
      ctx.restore()
    }
  }
  return plugin
}

/** The marks of a chart made by `lossChart`; change them, then draw. */
export function marksOf(chart: Chart<'line', Point[]>): LossMarks {
  const plugin = chart.config.plugins?.find(isLossMarks)
  if (!plugin) throw new Error('not a loss chart')
  return plugin.marks
}

function isLossMarks(plugin: Plugin): plugin is LossMarksPlugin {
  return plugin.id === 'lossMarks'
}

/** The area between the least and the greatest loss over the seeds. */
function drawBands({ ctx, chartArea, scales }: Plot, { series, bounds, scale }: LossMarks): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height)
  ctx.clip()
  ctx.globalAlpha = BAND
  for (const { band, colour } of series) {
    if (!band) continue
    const edge = (curve: LossCurve) =>
      curve.flatMap((loss, index) => {
        if (loss === null) return []
        const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
        return [{ x: scales.x?.getPixelForValue(index + 1) ?? 0, y }]
      })
    ctx.fillStyle = colour
    ctx.beginPath()
    const outline = [...edge(band.high), ...edge(band.low).reverse()]
    outline.forEach(({ x, y }, index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)))
    ctx.fill()
  }
  ctx.restore()
}

function drawCursor({ ctx, chartArea, scales }: Plot, { theme }: LossMarks, epoch: number): void {
  const x = scales.x?.getPixelForValue(epoch) ?? chartArea.left
  ctx.globalAlpha = VEIL
  ctx.fillStyle = theme.surface
  ctx.fillRect(x, chartArea.top, chartArea.right - x + theme.strokes.validation, chartArea.height)
  ctx.globalAlpha = 1
  ctx.fillStyle = theme.text
  ctx.fillRect(x - theme.strokes.bound / 2, chartArea.top, theme.strokes.bound, chartArea.height)
}

/** Where each series stands at the epoch looked at; a loss above the axis is pointed to, not drawn where it is not. */
function drawDots(
  { ctx, chartArea, scales }: Plot,
  { series, bounds, scale, theme, overlaid, cursor }: LossMarks
): void {
  const radius = 1.6 * theme.strokes.validation
  for (const { val, colour } of series) {
    const epoch = Math.min(cursor ?? val.length, val.length)
    const loss = val[epoch - 1]
    if (loss === null || loss === undefined || (overlaid && cursor === null && epoch > 1)) continue
    const x = scales.x?.getPixelForValue(epoch) ?? chartArea.right
    const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
    ctx.fillStyle = colour
    ctx.beginPath()
    if (y < chartArea.top) pointUp(ctx, x, chartArea.top, radius)
    else ctx.arc(x, y, radius, 0, 2 * Math.PI)
    ctx.fill()
  }
}

/** Where the training loss of the first epoch stands while it is under way. */
function drawOpenCircles({ ctx, chartArea, scales }: Plot, { series, bounds, scale, theme }: LossMarks): void {
  ctx.lineWidth = theme.strokes.validation
  for (const { partialTrainLoss, colour } of series) {
    if (partialTrainLoss === undefined) continue
    const y = heightOf(scales.y, plottedLoss(partialTrainLoss, bounds, scale))
    ctx.strokeStyle = colour
    ctx.beginPath()
    ctx.arc(chartArea.left, y, 1.6 * theme.strokes.validation, 0, 2 * Math.PI)
    ctx.stroke()
  }
}

/** Points up where a validation line first comes into the plot from above its top. */
function drawEntries(plot: Plot, { series, theme }: LossMarks): void {
  const { ctx, chartArea } = plot
  series.forEach(({ colour }, index) => {
    const line = verticesOf(plot, 2 * index)
    const entry = line.findIndex(({ y }) => y >= chartArea.top)
    const [above, within] = [line[entry - 1], line[entry]]
    if (!above || !within || !(above.y < chartArea.top)) return
    const share = (chartArea.top - above.y) / (within.y - above.y)
    ctx.fillStyle = colour
    ctx.beginPath()
    pointUp(ctx, above.x + share * (within.x - above.x), chartArea.top, 1.6 * theme.strokes.validation)
    ctx.fill()
  })
}

function pointUp(ctx: Plot['ctx'], x: number, y: number, radius: number): void {
  ctx.moveTo(x, y - radius)
  ctx.lineTo(x + 1.3 * radius, y + radius)
  ctx.lineTo(x - 1.3 * radius, y + radius)
}

function drawBoundLabels(plot: Plot, { bounds, scale, theme, overlaid, series }: LossMarks): void {
  const { ctx, scales } = plot
  ctx.font = `400 ${theme.textSize}px ${theme.font}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const lines = series.flatMap((_, index) => [2 * index, 2 * index + 1].map((dataset) => verticesOf(plot, dataset)))
  const write = (name: string, loss: number, sides: readonly Side[]) => {
    const text = overlaid ? name : `${name} ${loss.toFixed(4)}`
    const boxes = boxesAt(plot, heightOf(scales.y, plottedLoss(loss, bounds, scale)), text, theme.textSize, sides)
    const box = freeBox(boxes, lines)
    if (!box) return
    ctx.globalAlpha = VEIL // in a crowd a line passes even there
    ctx.fillStyle = theme.surface
    ctx.fillRect(box.left - 2, box.top, box.right - box.left + 2, box.bottom - box.top)
    ctx.globalAlpha = 1
    ctx.fillStyle = theme.text3
    ctx.fillText(text, box.left, (box.top + box.bottom) / 2)
  }
  write('mean digit', bounds.meanDigit, ['above', 'below'])
  if (scale === 'linear') write('perfect copy', bounds.perfectCopy, ['below', 'above'])
}

type Side = 'above' | 'below'

/** Where a bound's name can stand: at the right end of its line, at the left, in the middle, on the better side first. */
function boxesAt(plot: Plot, y: number, text: string, size: number, sides: readonly Side[]): Box[] {
  const { left, right, top, bottom } = plot.chartArea
  const width = plot.ctx.measureText(text).width
  const starts = [right - width, left + 0.7 * size, (left + right - width) / 2]
  return starts
    .flatMap((start) =>
      sides.map((side) => {
        const middle = side === 'above' ? y - 0.75 * size : y + 0.85 * size
        return { left: start, right: start + width, top: middle - size / 2, bottom: middle + size / 2 }
      })
    )
    .filter((box) => box.top >= top - 0.7 * size && box.bottom <= bottom + 0.2 * size)
}

/** A dataset's line as Chart.js has laid it out; datasets are two a series. */
function verticesOf(chart: Plot, dataset: number): Polyline {
  return chart.getDatasetMeta(dataset).data
}

function drawEndLabels({ ctx, chartArea, scales }: Plot, marks: LossMarks): void {
  const { bounds, scale, theme, overlaid } = marks
  const size = theme.textSize
  const ends = marks.series.flatMap(({ short, colour, muted, val }) => {
    const loss = val[val.length - 1]
    if (loss === null || loss === undefined) return []
    return [{ short, colour, muted, loss, y: heightOf(scales.y, plottedLoss(loss, bounds, scale)) }]
  })
  const heights = spread(
    ends.map((end) => end.y),
    1.3 * size,
    chartArea.top - size / 2,
    chartArea.bottom + size / 2
  )
  const { right } = chartArea
  const nameEnd = (0.9 + shortWidth(marks.series)) * size
  ctx.textBaseline = 'middle'
  ends.forEach((end, index) => {
    const y = heights[index] ?? end.y
    ctx.fillStyle = end.muted ? theme.text3 : theme.text
    if (overlaid) {
      ctx.beginPath()
      ctx.moveTo(right + 0.2 * size, end.y)
      ctx.lineTo(right + 0.9 * size, y)
      ctx.lineWidth = theme.strokes.train
      ctx.strokeStyle = end.colour
      ctx.stroke()
      ctx.textAlign = 'right'
      ctx.font = `600 ${size}px ${theme.font}`
      ctx.fillText(shortened(end.short), right + nameEnd, y)
    }
    ctx.textAlign = 'left'
    ctx.font = `${overlaid ? 400 : 500} ${size}px ${theme.font}`
    ctx.fillText(end.loss.toFixed(4), right + (overlaid ? nameEnd + 0.5 * size : 0.7 * size), y)
  })
}

/** Width to leave for the short labels at the lines' ends, in text sizes: room for three digits at least. */
export function shortWidth(series: readonly Pick<LossSeries, 'short'>[]): number {
  return Math.max(2.2, ...series.map(({ short }) => 0.34 + 0.62 * shortened(short).length))
}

const shortened = (text: string) => (text.length > LONGEST_SHORT ? `${text.slice(0, LONGEST_SHORT - 1)}…` : text)

/** A plotted value's height on the canvas. */
function heightOf(axis: Plot['scales'][string] | undefined, value: number): number {
  return axis?.getPixelForValue(value) ?? 0
}

// A Chart.js plugin that draws on a loss chart what lines can't say: bands over seeds, the epoch looked at, dots, and the words.
import type { Chart, Plugin, Point } from 'chart.js'
import { createBoundLabels } from './bound-labels'
import { drawCursorLabels, drawEndLabels, drawSeedNames } from './loss-labels'
import { heightOf, placeOf, VEIL, verticesOf, type LossMarks, type Plot } from './loss-plot'
import { plottedLoss } from './loss-scale'
import { BAND } from './theme'
import type { LossCurve } from '../series'

export type { LossMarks } from './loss-plot'

type LossMarksPlugin = Plugin<'line'> & { marks: LossMarks }

export function lossMarks(marks: LossMarks): LossMarksPlugin {
  const drawBoundLabels = createBoundLabels()
  const plugin: LossMarksPlugin = {
    id: 'lossMarks',
    marks,
    beforeDatasetsDraw: (chart) => drawBands(chart, plugin.marks),
    afterDatasetsDraw: (chart) => {
      const { ctx } = chart
      ctx.save()
      drawEntries(chart, plugin.marks)
      if (plugin.marks.cursor !== null) drawCursor(chart, plugin.marks, plugin.marks.cursor)
      const taken = plugin.marks.boundLabels ? drawBoundLabels(chart, plugin.marks) : []
      drawSeedNames(chart, plugin.marks)
      drawDots(chart, plugin.marks)
      drawOpenCircles(chart, plugin.marks)
      if (plugin.marks.endLabels) drawEndLabels(chart, plugin.marks)
      if (plugin.marks.cursorLabels) drawCursorLabels(chart, plugin.marks, taken)
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

/** The area around the mean over the seeds. */
function drawBands({ ctx, chartArea, scales }: Plot, { series, bounds, scale, xAxis }: LossMarks): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height)
  ctx.clip()
  ctx.globalAlpha = BAND
  for (const one of series) {
    const { colour, area = one.band } = one
    if (!area) continue
    const edge = (curve: LossCurve) =>
      curve.flatMap((loss, index) => {
        if (loss === null) return []
        const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
        return [{ x: placeOf(scales.x, index + 1, one, xAxis), y }]
      })
    ctx.fillStyle = colour
    ctx.beginPath()
    const outline = [...edge(area.high), ...edge(area.low).reverse()]
    outline.forEach(({ x, y }, index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)))
    ctx.fill()
  }
  ctx.restore()
}

/** A line at the epoch looked at, with a veil over what comes later; one a series where their steps differ. */
function drawCursor({ ctx, chartArea, scales }: Plot, { theme, series, xAxis }: LossMarks, epoch: number): void {
  const places = new Set((series.length > 0 ? series : [{}]).map((one) => placeOf(scales.x, epoch, one, xAxis)))
  const within = [...places].filter((x) => x >= chartArea.left - 0.5 && x <= chartArea.right + 0.5)
  const from = Math.max(chartArea.left, Math.max(...places))
  ctx.globalAlpha = VEIL
  ctx.fillStyle = theme.surface
  if (from < chartArea.right)
    ctx.fillRect(from, chartArea.top, chartArea.right - from + theme.strokes.validation, chartArea.height)
  ctx.globalAlpha = 1
  ctx.fillStyle = theme.text
  for (const x of within)
    ctx.fillRect(x - theme.strokes.bound / 2, chartArea.top, theme.strokes.bound, chartArea.height)
}

/** Where each series stands at the epoch looked at; a loss above the axis is pointed to, not drawn where it is not. */
function drawDots(
  { ctx, chartArea, scales }: Plot,
  { series, bounds, scale, theme, overlaid, cursor, xAxis }: LossMarks
): void {
  const radius = 1.6 * theme.strokes.validation
  for (const one of series) {
    const { val, colour } = one
    const epoch = Math.min(cursor ?? val.length, val.length)
    const loss = val[epoch - 1]
    if (loss === null || loss === undefined) continue
    const x = placeOf(scales.x, epoch, one, xAxis)
    const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
    if (x < chartArea.left - 0.5 || x > chartArea.right + 0.5 || y > chartArea.bottom + radius) continue
    const isAtLabel = overlaid && cursor === null && epoch > 1
    if (isAtLabel && y >= chartArea.top) continue
    ctx.fillStyle = colour
    ctx.beginPath()
    if (y < chartArea.top) pointUp(ctx, x, chartArea.top, radius)
    else ctx.arc(x, y, radius, 0, 2 * Math.PI)
    ctx.fill()
  }
}

/** Where the training loss of the first epoch stands while it is under way; above the axis an open triangle points to it. */
function drawOpenCircles({ ctx, chartArea, scales }: Plot, { series, bounds, scale, theme, xAxis }: LossMarks): void {
  ctx.lineWidth = theme.strokes.validation
  const radius = 1.6 * theme.strokes.validation
  for (const one of series) {
    if (one.partialTrainLoss === undefined) continue
    const x = placeOf(scales.x, 1, one, xAxis)
    const y = heightOf(scales.y, plottedLoss(one.partialTrainLoss, bounds, scale))
    ctx.strokeStyle = one.colour
    ctx.beginPath()
    if (y < chartArea.top) {
      pointUp(ctx, x, chartArea.top, radius)
      ctx.closePath()
    } else ctx.arc(x, y, radius, 0, 2 * Math.PI)
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
    const x = above.x + share * (within.x - above.x)
    if (x < chartArea.left || x > chartArea.right) return
    ctx.fillStyle = colour
    ctx.beginPath()
    pointUp(ctx, x, chartArea.top, 1.6 * theme.strokes.validation)
    ctx.fill()
  })
}

function pointUp(ctx: Plot['ctx'], x: number, y: number, radius: number): void {
  ctx.moveTo(x, y - radius)
  ctx.lineTo(x + 1.3 * radius, y + radius)
  ctx.lineTo(x - 1.3 * radius, y + radius)
}

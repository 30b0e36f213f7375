// A Chart.js plugin that writes on a loss chart what lines can't say: values at their ends, the bounds' names, the epoch looked at.
import type { Chart, ChartArea, Plugin, Point } from 'chart.js'
import { placeLoss, type LossBounds, type LossScale } from './loss-scale'
import { spread } from './spread'
import type { ChartTheme } from './theme'

export interface LossMark {
  latentDim: number
  colour: string
  muted: boolean
  valLoss: readonly (number | null)[]
}

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
type Plot = Pick<Chart, 'ctx' | 'chartArea' | 'scales'>

const VEIL = 0.72 // opacity over what comes after the cursor

export function lossMarks(marks: LossMarks): LossMarksPlugin {
  const plugin: LossMarksPlugin = {
    id: 'lossMarks',
    marks,
    afterDatasetsDraw: (chart) => {
      const { ctx } = chart
      ctx.save()
      if (plugin.marks.cursor !== null) drawCursor(chart, plugin.marks, plugin.marks.cursor)
      drawDots(chart, plugin.marks)
      if (plugin.marks.boundLabels) drawBoundLabels(chart, plugin.marks)
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

function drawCursor({ ctx, chartArea, scales }: Plot, { theme }: LossMarks, epoch: number): void {
  const x = scales.x?.getPixelForValue(epoch) ?? chartArea.left
  ctx.globalAlpha = VEIL
  ctx.fillStyle = theme.surface
  ctx.fillRect(x, chartArea.top, chartArea.right - x + theme.strokes.validation, chartArea.height)
  ctx.globalAlpha = 1
  ctx.fillStyle = theme.text
  ctx.fillRect(x - theme.strokes.bound / 2, chartArea.top, theme.strokes.bound, chartArea.height)
}

function drawDots(
  { ctx, chartArea, scales }: Plot,
  { series, bounds, scale, theme, overlaid, cursor }: LossMarks
): void {
  for (const { valLoss, colour } of series) {
    const epoch = Math.min(cursor ?? valLoss.length, valLoss.length)
    const loss = valLoss[epoch - 1]
    if (loss === null || loss === undefined || (overlaid && cursor === null && epoch > 1)) continue
    const x = scales.x?.getPixelForValue(epoch) ?? chartArea.right
    ctx.beginPath()
    ctx.arc(
      x,
      heightOf(scales.y, chartArea, placeLoss(loss, bounds, scale)),
      1.6 * theme.strokes.validation,
      0,
      2 * Math.PI
    )
    ctx.fillStyle = colour
    ctx.fill()
  }
}

function drawBoundLabels({ ctx, chartArea, scales }: Plot, { bounds, scale, theme, overlaid }: LossMarks): void {
  const size = theme.textSize
  const write = (name: string, loss: number, offset: number) => {
    const y = heightOf(scales.y, chartArea, placeLoss(loss, bounds, scale))
    ctx.fillText(overlaid ? name : `${name} ${loss.toFixed(4)}`, chartArea.right, y + offset * size)
  }
  ctx.font = `400 ${size}px ${theme.font}`
  ctx.fillStyle = theme.text3
  ctx.textAlign = 'right'
  ctx.textBaseline = 'alphabetic'
  write('mean digit', bounds.meanDigit, -0.4)
  if (scale === 'log') return
  const room = chartArea.bottom - heightOf(scales.y, chartArea, bounds.perfectCopy)
  write('perfect copy', bounds.perfectCopy, room > 1.2 * size ? 1.2 : -0.5)
}

function drawEndLabels({ ctx, chartArea, scales }: Plot, marks: LossMarks): void {
  const { bounds, scale, theme, overlaid } = marks
  const size = theme.textSize
  const ends = marks.series.flatMap(({ latentDim, colour, muted, valLoss }) => {
    const loss = valLoss[valLoss.length - 1]
    if (loss === null || loss === undefined) return []
    return [{ latentDim, colour, muted, loss, y: heightOf(scales.y, chartArea, placeLoss(loss, bounds, scale)) }]
  })
  const places = spread(
    ends.map((end) => end.y),
    1.3 * size,
    chartArea.top - size / 2,
    chartArea.bottom + size / 2
  )
  const { right } = chartArea
  ctx.textBaseline = 'middle'
  ends.forEach((end, index) => {
    const y = places[index] ?? end.y
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
      ctx.fillText(String(end.latentDim), right + 3.1 * size, y)
    }
    ctx.textAlign = 'left'
    ctx.font = `${overlaid ? 400 : 500} ${size}px ${theme.font}`
    ctx.fillText(end.loss.toFixed(4), right + (overlaid ? 3.6 : 0.7) * size, y)
  })
}

/** A plotted value's height on the canvas, kept inside the plot. */
function heightOf(axis: Plot['scales'][string] | undefined, { top, bottom }: ChartArea, value: number): number {
  return Math.max(top, Math.min(bottom, axis?.getPixelForValue(value) ?? bottom))
}

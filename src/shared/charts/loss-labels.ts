// The words on a loss chart: the bounds' names, values at the lines' ends and at the epoch looked at. They keep clear of lines and of one another.
import { DIVERGED, seriesHasDiverged } from '../divergence'
import { formatLoss } from '../format'
import { freeBox, type Box } from './free-box'
import type { LossSeries } from './loss'
import { heightOf, placeOf, VEIL, verticesOf, type LossMarks, type Plot } from './loss-plot'
import { plottedLoss, type LossBounds } from './loss-scale'
import { spread } from './spread'

const LONGEST_SHORT = 10 // characters of a short label at a line's end

/** `mean digit` and `perfect copy` at their lines. */
export function drawBoundLabels(plot: Plot, marks: LossMarks): void {
  const { bounds, scale, theme, overlaid, series, stillLabels } = marks
  const { ctx, scales } = plot
  ctx.font = `400 ${theme.textSize}px ${theme.font}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const lines = series.flatMap((_, index) => [2 * index, 2 * index + 1].map((dataset) => verticesOf(plot, dataset)))
  const withLoss = (name: string, loss: number) => (overlaid || stillLabels ? name : `${name} ${formatLoss(loss)}`)
  const write = (text: string, loss: number, sides: readonly Side[]) => {
    const boxes = boxesAt(plot, heightOf(scales.y, plottedLoss(loss, bounds, scale)), text, theme.textSize, sides)
    const box = stillLabels ? boxes[0] : freeBox(boxes, lines)
    if (!box) return
    ctx.globalAlpha = VEIL // in a crowd a line passes even there
    ctx.fillStyle = theme.surface
    ctx.fillRect(box.left - 2, box.top, box.right - box.left + 2, box.bottom - box.top)
    ctx.globalAlpha = 1
    ctx.fillStyle = theme.text3
    ctx.fillText(text, box.left, (box.top + box.bottom) / 2)
  }
  const { meanDigit, perfectCopy, meanName = 'mean digit' } = bounds
  const apart = scale === 'log' || gapHeight(scales.y, bounds) > theme.textSize
  write(apart ? withLoss(meanName, meanDigit) : `${meanName}, perfect copy`, meanDigit, ['above', 'below'])
  if (scale === 'linear' && apart) write(withLoss('perfect copy', perfectCopy), perfectCopy, ['below', 'above'])
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

/** The values at the epoch looked at beside the lines' ends, where overlaid with the series' names. */
export function drawEndLabels({ ctx, chartArea, scales }: Plot, marks: LossMarks): void {
  const { bounds, scale, theme, overlaid, cursor } = marks
  const size = theme.textSize
  const ends = marks.series.flatMap((one) => {
    const { short, colour, muted, val } = one
    const epoch = Math.min(cursor ?? val.length, val.length)
    const loss = val[epoch - 1]
    if (loss === null || loss === undefined) return []
    const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
    const isLost = overlaid && y < chartArea.top && seriesHasDiverged(one, bounds, epoch)
    return [
      {
        short,
        colour,
        muted,
        text: isLost ? DIVERGED : formatLoss(loss),
        y: Math.max(chartArea.top, Math.min(y, chartArea.bottom))
      }
    ]
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
    ctx.fillText(end.text, right + (overlaid ? nameEnd + 0.5 * size : 0.7 * size), y)
  })
}

/** Width to leave at the right of all lines for their names and losses, in text sizes. */
export function endLabelWidth(series: readonly LossSeries[], bounds: LossBounds): number {
  const isWordNeeded = series.some((one) => seriesHasDiverged(one, bounds))
  return shortWidth(series) + (isWordNeeded ? 6 : 5.2)
}

/** Width to leave for the short labels at the lines' ends, in text sizes: room for three digits at least. */
function shortWidth(series: readonly Pick<LossSeries, 'short'>[]): number {
  return Math.max(2.2, ...series.map(({ short }) => 0.34 + 0.62 * shortened(short).length))
}

const shortened = (text: string) => (text.length > LONGEST_SHORT ? `${text.slice(0, LONGEST_SHORT - 1)}…` : text)

/** How far apart the bounds' lines lie on a linear axis: far beyond them they are one. */
function gapHeight(axis: Plot['scales'][string] | undefined, { meanDigit, perfectCopy }: LossBounds): number {
  return heightOf(axis, perfectCopy) - heightOf(axis, meanDigit)
}

/** Each seed's name near its line's end, where there are such lines: above all of them, below where there is no room, in their order. */
export function drawSeedNames({ ctx, chartArea, scales }: Plot, { series, bounds, scale, theme }: LossMarks): void {
  const size = theme.textSize
  const ends = series.flatMap(({ seeds = [] }) =>
    seeds.flatMap(({ label, val }) => {
      const loss = val[val.length - 1]
      return typeof loss === 'number' ? [{ label, y: heightOf(scales.y, plottedLoss(loss, bounds, scale)) }] : []
    })
  )
  if (ends.length === 0) return
  ends.sort((one, other) => one.y - other.y)
  const [first, last] = [ends[0]?.y ?? 0, ends[ends.length - 1]?.y ?? 0]
  const step = 1.1 * size
  const above = first - ends.length * step
  const top = above > chartArea.top ? above : Math.min(last + step, chartArea.bottom - (ends.length - 0.5) * step)
  ctx.font = `400 ${0.9 * size}px ${theme.font}`
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'right'
  ends.forEach(({ label }, index) => writeOnVeil(ctx, label, chartArea.right - 0.4 * size, top + index * step, theme))
}

/** The value at the epoch looked at beside its dot. */
export function drawCursorLabels(plot: Plot, { series, bounds, scale, theme, cursor, xAxis }: LossMarks): void {
  if (cursor === null) return
  const { ctx, chartArea, scales } = plot
  const size = theme.textSize
  for (const one of series) {
    const loss = one.val[Math.min(cursor, one.val.length) - 1]
    if (loss === null || loss === undefined) continue
    const text = formatLoss(loss)
    ctx.font = `500 ${size}px ${theme.font}`
    ctx.textBaseline = 'middle'
    const x = placeOf(scales.x, Math.min(cursor, one.val.length), one, xAxis)
    const isLeft = x + ctx.measureText(text).width + size > chartArea.right
    const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
    const above = y - size < chartArea.top ? y + size : y - size
    ctx.textAlign = isLeft ? 'right' : 'left'
    writeOnVeil(ctx, text, x + (isLeft ? -0.6 : 0.6) * size, Math.max(chartArea.top + size / 2, above), theme)
  }
}

/** A text that can be read on a line. */
function writeOnVeil(ctx: Plot['ctx'], text: string, x: number, y: number, theme: LossMarks['theme']): void {
  const width = ctx.measureText(text).width
  const left = ctx.textAlign === 'right' ? x - width : x
  ctx.globalAlpha = VEIL
  ctx.fillStyle = theme.surface
  ctx.fillRect(left - 2, y - theme.textSize / 2, width + 4, theme.textSize)
  ctx.globalAlpha = 1
  ctx.fillStyle = theme.text
  ctx.fillText(text, x, y)
}

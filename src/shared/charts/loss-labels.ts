// The values on a loss chart: at the lines' ends and at the epoch looked at, and the names of seeds. They keep clear of lines and of one another.
import { DIVERGED, seriesHasDiverged } from '../divergence'
import { formatLoss } from '../format'
import { areApart, freeBox, type Box } from './free-box'
import type { LossSeries } from './loss'
import { allLines, heightOf, placeOf, type LossMarks, type Plot } from './loss-plot'
import { plottedLoss, type LossBounds } from './loss-scale'
import { spread } from './spread'

const LONGEST_SHORT = 10 // characters of a short label at a line's end

/** The values at the epoch looked at beside the lines' ends, where overlaid with the series' names. */
export function drawEndLabels({ ctx, chartArea, scales }: Plot, marks: LossMarks): void {
  const { bounds, scale, theme, overlaid, cursor } = marks
  const size = theme.textSize
  const last = longest(marks.series)
  const ends = marks.series.flatMap((one) => {
    const { short, colour, muted, val } = one
    const epoch = Math.min(cursor ?? val.length, val.length)
    const isBehind = epoch < Math.min(cursor ?? last, last)
    const loss = val[epoch - 1]
    if (loss === null || loss === undefined) return []
    const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
    const isLost = overlaid && y < chartArea.top && seriesHasDiverged(one, bounds, epoch)
    return [
      {
        short,
        colour,
        muted,
        text: `${isLost ? DIVERGED : formatLoss(loss)}${isBehind ? ` at ${epoch}` : ''}`,
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
  const epochs = series.flatMap(({ val }) => (val.length > 0 && val.length < longest(series) ? [val.length] : []))
  const behind = epochs.length > 0 ? 1.8 + 0.62 * String(Math.max(...epochs)).length : 0
  return shortWidth(series) + (isWordNeeded ? 6 : 5.2) + behind
}

/** Epochs of the series that has the most. A series of fewer shows its last: its label says of which epoch. */
const longest = (series: readonly Pick<LossSeries, 'val'>[]) => Math.max(0, ...series.map(({ val }) => val.length))

/** Width to leave for the short labels at the lines' ends, in text sizes: room for three digits at least. */
function shortWidth(series: readonly Pick<LossSeries, 'short'>[]): number {
  return Math.max(2.2, ...series.map(({ short }) => 0.34 + 0.62 * shortened(short).length))
}

const shortened = (text: string) => (text.length > LONGEST_SHORT ? `${text.slice(0, LONGEST_SHORT - 1)}…` : text)

/** Each seed's name near its line's end, where there are such lines, in their order: above all of them, below, or where else lines leave room. */
export function drawSeedNames(plot: Plot, { series, bounds, scale, theme }: LossMarks): void {
  const { ctx, chartArea, scales } = plot
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
  const height = ends.length * step
  ctx.font = `400 ${0.9 * size}px ${theme.font}`
  const width = Math.max(...ends.map(({ label }) => ctx.measureText(label).width))
  const right = chartArea.right - 0.4 * size
  const tops = [first - height - 0.5 * size, last + 0.5 * size, chartArea.top, chartArea.bottom - height]
  const boxes = [right, (chartArea.left + right) / 2, chartArea.left + width + 0.4 * size].flatMap((end) =>
    tops
      .filter((top) => top >= chartArea.top - 1 && top + height <= chartArea.bottom + 1)
      .map((top) => ({ left: end - width, right: end, top, bottom: top + height }))
  )
  const box = freeBox(boxes, allLines(plot))
  if (!box) return
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'right'
  ctx.fillStyle = theme.text
  ends.forEach(({ label }, index) => ctx.fillText(label, box.right, box.top + (index + 0.5) * step))
}

/** The value at the epoch looked at near its dot, clear of the names that are `taken` and, where there is room, of lines. */
export function drawCursorLabels(plot: Plot, marks: LossMarks, taken: readonly Box[]): void {
  const { series, bounds, scale, theme, cursor, xAxis } = marks
  if (cursor === null) return
  const { ctx, chartArea, scales } = plot
  const size = theme.textSize
  for (const one of series) {
    const loss = one.val[Math.min(cursor, one.val.length) - 1]
    if (loss === null || loss === undefined) continue
    const text = formatLoss(loss)
    ctx.font = `500 ${size}px ${theme.font}`
    const x = placeOf(scales.x, Math.min(cursor, one.val.length), one, xAxis)
    const y = Math.max(chartArea.top, heightOf(scales.y, plottedLoss(loss, bounds, scale)))
    const width = ctx.measureText(text).width
    const boxes = [0.6, 1.6, 2.6].flatMap((beside) =>
      [-1, 1, 0, -2.2, 2.2, -3.4, 3.4].flatMap((lines) =>
        [x + beside * size, x - beside * size - width].map((left) => {
          const middle = y + lines * size
          return { left, right: left + width, top: middle - size / 2, bottom: middle + size / 2 }
        })
      )
    )
    const inside = boxes.filter((box) => isWithin(box, chartArea, size) && taken.every((name) => areApart(name, box)))
    const box = freeBox(inside, allLines(plot))
    if (!box) continue
    ctx.textBaseline = 'middle'
    ctx.textAlign = 'left'
    ctx.fillStyle = theme.text
    ctx.fillText(text, box.left, (box.top + box.bottom) / 2)
  }
}

function isWithin(box: Box, area: Plot['chartArea'], size: number): boolean {
  const isAcross = box.left >= area.left && box.right <= area.right + size
  return isAcross && box.top >= area.top - size / 2 && box.bottom <= area.bottom + size / 2
}

// The bounds' names on a loss chart, `mean digit` and `perfect copy`: at their lines, where no other line passes, else nowhere.
import { areApart, isFree, type Box, type Polyline } from './free-box'
import { allLines, heightOf, type LossMarks, type Plot } from './loss-plot'
import { plottedLoss, type LossBounds } from './loss-scale'

type Side = 'above' | 'below'
interface Place extends Box {
  /** Which of a name's places it is, whatever the chart's size. */
  at: string
}

/**
 * A chart's function that draws the names, and answers with their boxes. A name stays where it is as long as no line comes there: it must not
 * jump about while a run trains.
 */
export function createBoundLabels(): (plot: Plot, marks: LossMarks) => Box[] {
  const places = new Map<string, string>()

  return (plot, { bounds, scale, theme }) => {
    const { ctx, scales } = plot
    ctx.font = `400 ${theme.textSize}px ${theme.font}`
    ctx.fillStyle = theme.text3
    ctx.textAlign = 'left'
    ctx.textBaseline = 'middle'
    const lines = allLines(plot)
    const taken: Box[] = []
    const write = (text: string, loss: number, sides: readonly Side[]): boolean => {
      const y = heightOf(scales.y, plottedLoss(loss, bounds, scale))
      const all = placesAt(plot, y, text, theme.textSize, sides)
      const before = all.filter(({ at }) => at === places.get(text))
      const place = [...before, ...all].find((one) => isClear(one, lines, taken, theme.strokes.validation))
      if (!place) return false
      places.set(text, place.at)
      taken.push(place)
      ctx.fillText(text, place.left, (place.top + place.bottom) / 2)
      return true
    }
    const { meanDigit, perfectCopy, meanName = 'mean digit' } = bounds
    const isApart = scale === 'log' || distance(scales.y, bounds) > theme.textSize
    const together = `${meanName}, perfect copy`
    if (isApart || !write(together, meanDigit, ['above', 'below'])) write(meanName, meanDigit, ['above', 'below'])
    if (scale === 'linear' && isApart) write('perfect copy', perfectCopy, ['below', 'above'])
    return taken
  }
}

/** Where a bound's name can stand: at the right end of its line, at the left, between them, on the better side first. */
function placesAt(plot: Plot, y: number, text: string, size: number, sides: readonly Side[]): Place[] {
  const { left, right, top, bottom } = plot.chartArea
  const width = plot.ctx.measureText(text).width
  const [first, last] = [left + 0.7 * size, right - width]
  const starts = [1, 0, 1 / 2, 3 / 4, 1 / 4].map((share) => first + share * (last - first))
  return starts
    .flatMap((start, index) =>
      sides.map((side) => {
        const middle = side === 'above' ? y - 0.75 * size : y + 0.85 * size
        const box = { left: start, right: start + width, top: middle - size / 2, bottom: middle + size / 2 }
        return { ...box, at: `${side} ${index}` }
      })
    )
    .filter((box) => box.left >= left && box.right <= right + 1)
    .filter((box) => box.top >= top - 0.7 * size && box.bottom <= bottom + 0.2 * size)
}

/** Lines have a width, and dots at their ends. */
function isClear({ left, right, top, bottom }: Box, lines: readonly Polyline[], taken: readonly Box[], line: number) {
  const wider = { left: left - 2 * line, right: right + 2 * line, top: top - line, bottom: bottom + line }
  return isFree(wider, lines) && taken.every((other) => areApart(wider, other))
}

/** How far apart the bounds' lines lie: far beyond them they are one. */
function distance(axis: Plot['scales'][string] | undefined, { meanDigit, perfectCopy }: LossBounds): number {
  return heightOf(axis, perfectCopy) - heightOf(axis, meanDigit)
}

// The names of a factor chart's lines that are no model's, where they lie on no line and no point.
import type { Chart, Plugin } from 'chart.js'
import type { Reference } from './factor'
import { freeBox, type Box, type Polyline } from './free-box'
import type { ChartTheme } from './theme'

export function referenceNames(references: readonly Reference[], theme: ChartTheme): Plugin<'line'> {
  return {
    id: 'referenceNames',
    afterDatasetsDraw: (chart) => {
      const { ctx } = chart
      const size = theme.textSize
      ctx.save()
      ctx.font = `400 ${size}px ${theme.font}`
      ctx.fillStyle = theme.text3
      ctx.textAlign = 'left'
      ctx.textBaseline = 'middle'
      const lines: Polyline[] = chart.data.datasets.map((_, dataset) => chart.getDatasetMeta(dataset).data)
      for (const reference of references.filter(({ name }) => name !== '')) {
        const box = freeBox(placesOf(chart, reference, size), lines)
        if (box) ctx.fillText(reference.name, box.left + AROUND * size, (box.top + box.bottom) / 2)
      }
      ctx.restore()
    }
  }
}

/** Room around a name, in text sizes: lines have a width, and points a radius. */
const AROUND = 0.25

/** Boxes above and below a line's points and the middles between them, from the end that is preferred; each with room around the name. */
function placesOf({ ctx, chartArea, scales }: Chart, { name, points, at }: Reference, size: number): Box[] {
  const { left, right, top, bottom } = chartArea
  const width = ctx.measureText(name).width + 2 * AROUND * size
  const height = (1 + 2 * AROUND) * size
  const drawn = points
    .filter(({ y }) => Number.isFinite(y))
    .map(({ x, y }) => ({ x: scales.x?.getPixelForValue(x) ?? 0, y: scales.y?.getPixelForValue(y) ?? 0 }))
  const along = drawn.flatMap((point, index) => {
    const next = drawn[index + 1]
    return next ? [point, { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }] : [point]
  })
  if (at === 'end') along.reverse()
  return [0.1, 0.7].flatMap((away) =>
    along
      .flatMap(({ x, y }) =>
        [0.5, 0, 1].flatMap((share) =>
          [y - away * size - height, y + away * size].map((start) => {
            const from = Math.max(left, Math.min(x - share * width, right - width))
            return { left: from, right: from + width, top: start, bottom: start + height }
          })
        )
      )
      .filter((box) => box.top >= top - height && box.bottom <= bottom)
  )
}

// A plane of points in colours of their classes as a figure that stands alone: ten thousand points are a few hundred paths.
import type { ChartConfiguration, Plugin, Point, Scale } from 'chart.js'
import { csvText } from '../csv'
import type { ChartFigure } from './figure-svg'
import { axisTitle, stillChart, tickFont, type ChartTheme } from './theme'

export interface PlanePoints {
  /** [count × 2]: across and up. */
  points: Float32Array
  /** The class of each. */
  labels: Uint8Array
  /** Indices of those that are drawn, in this order. */
  shown: readonly number[]
  /** Names and colours (`#rrggbb`) by class. */
  classes: readonly { name: string; colour: string }[]
  /** What lies across and up; empty: nothing that has a unit, and no axis is drawn. */
  axes: readonly [string, string]
  /** What part of the plane is drawn. */
  from: { x: number; y: number }
  to: { x: number; y: number }
}

/** Height of a chart for its width where the points lie in a flat strip. */
const LOWEST = 0.45
/** Of a dot, in text sizes. */
const RADIUS = 0.14
/** Points are drawn in so many layers, in each class after class, so that no class lies over all others. */
const LAYERS = 12

export function pointsFigure(plane: PlanePoints, title: string): ChartFigure {
  const present = new Set(plane.shown.map((index) => plane.labels[index]))
  return {
    title,
    legend: () =>
      plane.classes.flatMap(({ name, colour }, label) =>
        present.has(label) ? [{ sign: 'dot' as const, colour, name }] : []
      ),
    chart: (theme) => pointsChart(plane, theme),
    shape: Math.max(LOWEST, Math.min((plane.to.y - plane.from.y) / (plane.to.x - plane.from.x), 1))
  }
}

function pointsChart(plane: PlanePoints, theme: ChartTheme): ChartConfiguration<'line', Point[]> {
  return {
    type: 'line',
    data: { datasets: [] },
    options: {
      ...stillChart,
      layout: { autoPadding: false, padding: theme.textSize / 2 },
      plugins: { legend: { display: false }, title: { display: false }, tooltip: { enabled: false } },
      scales: { x: axis(plane, 'x', theme), y: axis(plane, 'y', theme) }
    },
    plugins: [sameScale(plane), dots(plane, theme)]
  }
}

type Axis = NonNullable<NonNullable<ChartConfiguration<'line'>['options']>['scales']>[string]

function axis({ from, to, axes }: PlanePoints, of: 'x' | 'y', theme: ChartTheme): Axis {
  const name = axes[of === 'x' ? 0 : 1]
  return {
    type: 'linear',
    min: from[of],
    max: to[of],
    border: { color: theme.bound, width: theme.strokes.bound },
    grid: { display: false },
    title: axisTitle(name !== '', name, theme),
    ticks: {
      display: axes[0] !== '' && (name !== '' || of === 'x'),
      font: tickFont(theme),
      color: theme.text3,
      padding: theme.textSize / 2,
      maxRotation: 0,
      maxTicksLimit: 6,
      includeBounds: false
    }
  }
}

/** A unit is as long across as up: the axis that has room to spare reaches further, and so do its ticks. */
function sameScale({ from, to }: PlanePoints): Plugin<'line'> {
  return {
    id: 'sameScale',
    afterLayout({ chartArea: { width, height }, scales: { x, y } }) {
      const unit = Math.max((to.x - from.x) / width, (to.y - from.y) / height)
      if (x) reach(x, (unit * width - (to.x - from.x)) / 2)
      if (y) reach(y, (unit * height - (to.y - from.y)) / 2)
    }
  }
}

function reach(scale: Scale, beyond: number): void {
  const [first, second] = scale.ticks.map(({ value }) => value)
  Object.assign(scale, { min: scale.min - beyond, max: scale.max + beyond })
  scale.configure()
  if (first === undefined || second === undefined) return
  const step = second - first
  const [from, to] = [Math.ceil((scale.min - first) / step), Math.floor((scale.max - first) / step)]
  scale.ticks = Array.from({ length: to - from + 1 }, (_, index) => {
    const value = Number((first + (from + index) * step).toPrecision(6))
    return { value, label: String(value).replace('-', '\u2212') }
  })
}

function dots({ points, labels, shown, classes }: PlanePoints, theme: ChartTheme): Plugin<'line'> {
  return {
    id: 'dots',
    afterDatasetsDraw({ ctx, chartArea, scales: { x, y } }) {
      if (!x || !y) return
      const radius = RADIUS * theme.textSize
      ctx.save()
      ctx.beginPath()
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height)
      ctx.clip()
      const each = Math.max(1, Math.ceil(shown.length / LAYERS))
      for (let begin = 0; begin < shown.length; begin += each) {
        const layer = shown.slice(begin, begin + each)
        classes.forEach(({ colour }, label) => {
          const own = layer.filter((index) => labels[index] === label)
          if (own.length === 0) return
          ctx.fillStyle = colour
          ctx.beginPath()
          for (const index of own) {
            const [left, top] = [
              x.getPixelForValue(points[2 * index] ?? 0),
              y.getPixelForValue(points[2 * index + 1] ?? 0)
            ]
            ctx.arc(left, top, radius, 0, 2 * Math.PI)
          }
          ctx.fill()
        })
      }
      ctx.restore()
    }
  }
}

/** One row a point on show: its number as people count test images, its class, and where it lies. */
export function pointsCsv({ points, labels, shown, classes, axes }: PlanePoints): string {
  const rows = shown.map((index) => [
    index + 1,
    classes[labels[index] ?? 0]?.name ?? String(labels[index]),
    points[2 * index] ?? null,
    points[2 * index + 1] ?? null
  ])
  return csvText(['test image', 'class', axes[0] || 'across', axes[1] || 'up'], rows)
}

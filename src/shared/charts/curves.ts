// Curves on two axes, for what an analysis finds: one line a series, reference lines beside them. Axes say what they measure.
import type { ChartConfiguration, ChartDataset, Plugin, Point } from 'chart.js'
import { BAND, stillChart, tickFont, type ChartTheme } from './theme'

export interface Curve {
  label: string
  colour: string
  /** `low` and `high`: the ends of the band around it, where it is a mean of several. */
  points: readonly { x: number; y: number | null; low?: number | null; high?: number | null }[]
  dash?: readonly number[]
  /** Without dots: a curve that is no measurement at single points. */
  plain?: boolean
}

export interface CurveAxis {
  /** What it measures, with its unit. */
  title: string
  log: boolean
  min?: number
}

export interface CurvesOptions {
  curves: readonly Curve[]
  x: CurveAxis
  y: CurveAxis
  theme: ChartTheme
}

/** The configuration of a new chart, for a page that has registered `chartParts`. Lengths are in canvas units. */
export function curvesChart({ curves, x, y, theme }: CurvesOptions): ChartConfiguration<'line', Point[]> {
  return {
    type: 'line',
    data: { datasets: curves.map((curve) => dataset(curve, theme)) },
    options: {
      ...stillChart,
      layout: { autoPadding: false, padding: { top: theme.textSize, right: theme.textSize } },
      plugins: { legend: { display: false }, title: { display: false }, tooltip: { enabled: false } },
      scales: { x: axis(x, theme, false), y: axis(y, theme, true) }
    },
    plugins: [bands(curves)]
  }
}

function dataset(
  { label, colour, points, dash = [], plain = false }: Curve,
  theme: ChartTheme
): ChartDataset<'line', Point[]> {
  return {
    label,
    data: points.map((point) => ({ x: point.x, y: point.y ?? NaN })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: theme.strokes.validation,
    borderDash: dash.map((length) => length * theme.strokes.validation),
    pointRadius: plain ? 0 : 1.4 * theme.strokes.validation,
    pointBorderWidth: 0
  }
}

type Axis = NonNullable<NonNullable<ChartConfiguration<'line'>['options']>['scales']>[string]

/** A logarithmic axis has a label at 1, 2 and 5 of each power of ten. */
function axis({ title, log, min }: CurveAxis, theme: ChartTheme, grid: boolean): Axis {
  const font = tickFont(theme)
  return {
    type: log ? 'logarithmic' : 'linear',
    ...(min !== undefined && { min }),
    title: { display: true, text: title, font, color: theme.text3 },
    border: { display: !grid, color: theme.bound, width: theme.strokes.bound },
    grid: { display: grid, color: theme.line, drawTicks: false, lineWidth: theme.strokes.bound },
    ticks: {
      font,
      color: theme.text3,
      padding: theme.textSize / 2,
      maxRotation: 0,
      maxTicksLimit: 7,
      callback: (value) => {
        const number = Number(value)
        if (log && ![1, 2, 5].includes(Number((number / 10 ** Math.floor(Math.log10(number))).toPrecision(6))))
          return ''
        return number >= 1000 ? number.toLocaleString('en-US') : String(Number(number.toPrecision(3)))
      }
    }
  }
}

/** The areas around the curves that are means, below all lines. */
function bands(curves: readonly Curve[]): Plugin<'line'> {
  return {
    id: 'bands',
    beforeDatasetsDraw({ ctx, scales: { x, y } }) {
      if (!x || !y) return
      ctx.save()
      ctx.globalAlpha = BAND
      for (const { points, colour } of curves) {
        const edge = (end: 'low' | 'high') =>
          points.flatMap((point) => (typeof point[end] === 'number' ? [{ x: point.x, y: point[end] }] : []))
        ctx.fillStyle = colour
        ctx.beginPath()
        for (const at of [...edge('high'), ...edge('low').reverse()])
          ctx.lineTo(x.getPixelForValue(at.x), y.getPixelForValue(at.y))
        ctx.fill()
      }
      ctx.restore()
    }
  }
}

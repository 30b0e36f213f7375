// Curves on two axes as figures that stand alone.
import { csvText } from '../csv'
import { curvesChart, type Curve, type CurvesOptions } from './curves'
import type { LegendEntry } from './figure-head'
import type { ChartFigure } from './figure-svg'
import type { ChartTheme } from './theme'

/** What is drawn in a theme: colours are the theme's. */
export type CurvesIn = (theme: ChartTheme) => Omit<CurvesOptions, 'theme'>

/** `band`: what the areas around curves are; null: there are none. */
export function curvesFigure(curves: CurvesIn, title: string, band: string | null): ChartFigure {
  return {
    title,
    legend: (theme) => [
      ...curves(theme).curves.map(entryOf),
      ...(band === null ? [] : [{ sign: 'band' as const, colour: theme.text2, name: band }])
    ],
    chart: (theme) => curvesChart({ ...curves(theme), theme })
  }
}

function entryOf({ label, colour, dash = [] }: Curve): LegendEntry {
  return { sign: dash.length > 0 ? 'dashed' : 'line', colour, name: label }
}

/** One row a point, curve by curve; both ends of the band where there is one. */
export function curvesCsv({ curves, x, y }: Pick<CurvesOptions, 'curves' | 'x' | 'y'>): string {
  const all = curves.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })))
  const hasBand = all.some(({ low }) => typeof low === 'number')
  const rows = all.map(({ label, x: at, y: value, low = null, high = null }) => [
    label,
    at,
    value,
    ...(hasBand ? [low, high] : [])
  ])
  return csvText(['curve', x.title, y.title, ...(hasBand ? ['band from', 'band to'] : [])], rows)
}

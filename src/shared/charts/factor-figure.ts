// Charts of quality against what varies as figures that stand alone.
import { csvText } from '../csv'
import { valueLabel, valuesOf } from '../experiment'
import { seedsOf, seriesOf } from '../series'
import {
  factorChart,
  factorName,
  factorRanges,
  factorReferences,
  factorTitles,
  factorValues,
  type FactorChartOptions,
  type Reference
} from './factor'
import type { LegendEntry, LegendSign } from './figure-head'
import type { ChartFigure } from './figure-svg'
import type { ChartTheme } from './theme'

export type FactorFigureOptions = Pick<FactorChartOptions, 'metric' | 'run' | 'isMuted'>

export function factorFigure(options: FactorFigureOptions, title: string): ChartFigure {
  return {
    title,
    legend: (theme) => legendOf(options, theme),
    chart: (theme) => factorChart({ ...options, theme, titled: true, hasLegend: true })
  }
}

function legendOf(options: FactorFigureOptions, theme: ChartTheme): LegendEntry[] {
  const seeds = seedsOf(seriesOf(options.run))
  const own: LegendEntry[] =
    seeds > 1
      ? [
          { sign: 'dot', colour: theme.text2, name: `mean of ${seeds} seeds` },
          { sign: 'range', colour: theme.text2, name: 'least to greatest' }
        ]
      : [{ sign: 'dot', colour: theme.text2, name: 'models' }]
  const others = factorReferences(options).map(({ name, dash }): LegendEntry => {
    return { sign: signOf(dash), colour: theme.bound, name }
  })
  return others.length > 0 || seeds > 1 ? [...own, ...others] : []
}

const signOf = ([length]: Reference['dash']): LegendSign =>
  length === undefined ? 'thin' : length > 1 ? 'dashed' : 'dotted'

/** One row a value of what varies: the metric, the least and the greatest seed, and the lines that are no model's. */
export function factorFigureCsv(options: FactorFigureOptions): string {
  const { metric, run } = options
  const { title } = factorTitles[metric]
  const ranges = factorRanges(run, metric)
  const references = factorReferences(options)
  const key = run.experiment.varied.key
  const hasRanges = ranges.some((range) => range !== null)
  const values = factorValues(run, metric)
  const rows = valuesOf(run.experiment).map((value, rank) => [
    typeof value === 'number' ? value : (seriesOf(run)[rank]?.short ?? valueLabel(key, value)),
    values[rank] ?? null,
    ...(hasRanges ? [ranges[rank]?.low ?? null, ranges[rank]?.high ?? null] : []),
    ...references.map(({ points }) => (points.length === values.length ? points[rank] : points[0])?.y ?? null)
  ])
  const columns = [factorName(run.experiment), title, ...(hasRanges ? [`${title}, least`, `${title}, greatest`] : [])]
  return csvText([...columns, ...references.map(({ name }) => `${name} (${title})`)], rows)
}

// What the varied hyperparameter does: one metric against its values. Small multiples, one metric each.
import { Ticks, type ChartConfiguration, type ChartDataset, type Point } from 'chart.js'
import { lossOf, valuesOf, type Experiment } from '../experiment'
import { formatTick } from '../format'
import { hyperparameters, isOrdered } from '../hyperparameters'
import type { RunFile } from '../run'
import { meanName } from '../dataset'
import { differInWidth, seriesMetrics, seriesOf, type Series } from '../series'
import { referenceNames } from './reference-names'
import { seedRanges, type SeedRange } from './seed-range'
import { axisTitle, seriesColours, stillChart, tickFont, type ChartTheme } from './theme'

export const factorMetrics = ['bce', 'mse', 'psnr', 'ssim', 'gapClosed'] as const
export type FactorMetric = (typeof factorMetrics)[number]

/** How each metric is headed, and which way is better. */
export const factorTitles: Record<FactorMetric, { title: string; better: 'lower' | 'higher' }> = {
  bce: { title: 'BCE', better: 'lower' },
  mse: { title: 'MSE', better: 'lower' },
  psnr: { title: 'PSNR, dB', better: 'higher' },
  ssim: { title: 'SSIM', better: 'higher' },
  gapClosed: { title: 'Gap closed, %', better: 'higher' }
}

type FactorRun = Pick<RunFile, 'experiment' | 'models' | 'bounds'> & Partial<Pick<RunFile, 'dataset'>>

export interface FactorChartOptions {
  metric: FactorMetric
  /** A series without the metric leaves a gap. The run's loss has lines for both bounds, MSE one for PCA with as many components. */
  run: FactorRun
  theme: ChartTheme
  /** The name of what varies below the axis. */
  titled?: boolean
  /** Drawn with a legend: the metric is named at its axis, and lines that are no model's nowhere else. */
  hasLegend?: boolean
  /** Whether others are selected: its point is grey. */
  isMuted?: (rank: number) => boolean
}

/** `latent dimension d`, `hidden layers`: what varies, as it stands at an axis. */
export function factorName({ varied }: Pick<Experiment, 'varied'>): string {
  const { label, symbol } = hyperparameters[varied.key]
  return symbol.length === 1 ? `${label.toLowerCase()} ${symbol}` : label.toLowerCase()
}

/** A chart's points and the axis that they stand on. */
interface Factor {
  series: readonly Series[]
  /** Where each series stands. */
  positions: readonly number[]
  /** null where not measured. */
  values: readonly (number | null)[]
  isLog: boolean
  min: number
  max: number
  references: readonly Reference[]
}

type FactorConfiguration = ChartConfiguration<'line', Point[]>
type FactorDataset = ChartDataset<'line', Point[]>
/** A line that is not a model's: its name is written at its first (`start`) or last (`end`) point, or where else lines leave room. */
export interface Reference {
  name: string
  points: { x: number; y: number }[]
  dash: number[]
  at: 'start' | 'end'
}

/** Share of the highest loss below which the two bounds are one line, with one name. */
const ONE_LINE = 0.08

/** The configuration of a new chart, for a page that has registered `chartParts`. Lengths are in canvas units. */
export function factorChart(options: FactorChartOptions): FactorConfiguration {
  const { theme } = options
  const factor = factorOf(options)
  const { references } = factor
  const ranges = rangesOf(options, factor)
  return {
    type: 'line',
    data: { datasets: [seriesDataset(options, factor), ...references.map((line) => referenceDataset(line, theme))] },
    options: chartOptions(options, factor),
    plugins: [...(options.hasLegend ? [] : [referenceNames(references, theme)]), seedRanges(ranges, theme)]
  }
}

/** The lines in the chart that are no model's, each with the points that it goes through. */
export function factorReferences({ metric, run }: Pick<FactorChartOptions, 'metric' | 'run'>): readonly Reference[] {
  return factorOf({ metric, run }).references.filter(({ name }) => name !== '')
}

/** What is plotted of each series: gap closed in percent, the others as run.json has them; null where not measured. */
export function factorValues(run: FactorRun, metric: FactorMetric): (number | null)[] {
  return seriesOf(run).map((series) => plotted(seriesMetrics(run, series)?.[metric] ?? null, metric))
}

const plotted = (value: number | null, metric: FactorMetric) =>
  value !== null && metric === 'gapClosed' ? 100 * value : value

/** Where it stands on its axis: that of the gap closed begins at 0. */
const onAxis = (value: number, metric: FactorMetric) => (metric === 'gapClosed' ? Math.max(0, value) : value)

/** The least and the greatest seed of each series; null of a single seed and where one is not measured. */
export function factorRanges(run: FactorRun, metric: FactorMetric): ({ low: number; high: number } | null)[] {
  return seriesOf(run).map(({ models }) => {
    const all = models.flatMap((index) => plotted(run.models[index]?.metrics?.[metric] ?? null, metric) ?? [])
    return all.length < Math.max(2, models.length) ? null : { low: Math.min(...all), high: Math.max(...all) }
  })
}

function rangesOf(options: FactorChartOptions, { series, positions }: Factor): SeedRange[] {
  const colours = pointColours(options, series.length)
  return factorRanges(options.run, options.metric).flatMap((range, rank) => {
    const [x, colour] = [positions[rank], colours[rank]]
    if (!range || x === undefined || colour === undefined) return []
    const [low, high] = [onAxis(range.low, options.metric), onAxis(range.high, options.metric)]
    return [{ low, high, x, colour }]
  })
}

/** Where each series stands on the axis: at its value, or side by side. */
export function factorPositions({ experiment }: Pick<RunFile, 'experiment'>): number[] {
  const { axis } = hyperparameters[experiment.varied.key]
  return valuesOf(experiment).map((value, rank) => (axis === 'category' ? rank : Number(value)))
}

function factorOf({ metric, run }: Pick<FactorChartOptions, 'metric' | 'run'>): Factor {
  const positions = factorPositions(run)
  const isLog = hyperparameters[run.experiment.varied.key].axis === 'log'
  const ends = axisEnds(positions, isLog)
  const series = seriesOf(run)
  const values = factorValues(run, metric)
  const references = referencesOf(metric, run, positions, values, ends)
  return { series, positions, values, isLog, ...ends, references }
}

/** A little beyond the first and the last position. */
function axisEnds(positions: readonly number[], isLog: boolean): { min: number; max: number } {
  const [first = 1] = positions
  const last = positions[positions.length - 1] ?? first
  if (!isLog) {
    const margin = 0.06 * (last - first) || 0.5
    return { min: first - margin, max: last + margin }
  }
  const margin = Math.max(1.15, (last / first) ** 0.06)
  return { min: first / margin, max: last * margin }
}

function referencesOf(
  metric: FactorMetric,
  { experiment, bounds, dataset }: FactorRun,
  positions: readonly number[],
  values: readonly (number | null)[],
  { min, max }: { min: number; max: number }
): Reference[] {
  const across = (y: number) => [min, max].map((x) => ({ x, y }))
  const mean = dataset ? meanName(dataset) : 'mean digit'
  const { pcaMse, meanDigit, perfectCopy } = bounds
  const isOneLine = meanDigit - perfectCopy < ONE_LINE * Math.max(...values.map((value) => value ?? 0))
  const names = isOneLine ? ['', `${mean}, perfect copy`] : [mean, 'perfect copy']
  const limits: Reference[] = [
    { name: names[0] ?? '', points: across(meanDigit), dash: [], at: 'end' },
    { name: names[1] ?? '', points: across(perfectCopy), dash: [1, 2], at: isOneLine ? 'end' : 'start' }
  ]
  const points = positions.map((x, rank) => ({ x, y: pcaMse?.[rank] ?? NaN }))
  const pca: Reference = { name: 'PCA', points, dash: [3, 2.5], at: 'start' }
  return [
    ...(metric === lossOf(experiment) ? limits : []),
    ...(metric === 'mse' && pcaMse && differInWidth(experiment) ? [pca] : [])
  ]
}

function seriesDataset(options: FactorChartOptions, { series, positions, values }: Factor): FactorDataset {
  const { metric, run, theme } = options
  return {
    label: factorTitles[metric].title,
    data: positions.map((x, rank) => ({ x, y: onAxis(values[rank] ?? NaN, metric) })),
    borderColor: theme.text3,
    borderWidth: theme.strokes.bound,
    pointRadius: 1.8 * theme.strokes.validation,
    pointBackgroundColor: pointColours(options, series.length),
    pointBorderWidth: 0,
    showLine: hyperparameters[run.experiment.varied.key].axis !== 'category',
    clip: false,
    order: 1
  }
}

function pointColours({ run, theme, isMuted }: FactorChartOptions, count: number): string[] {
  const colours = seriesColours(theme, count, isOrdered(run.experiment.varied.key))
  return colours.map((own, rank) => (isMuted?.(rank) ? theme.bound : own))
}

function referenceDataset({ name, points, dash }: Reference, theme: ChartTheme): FactorDataset {
  return {
    label: name,
    data: points,
    borderColor: theme.bound,
    borderWidth: theme.strokes.bound,
    borderDash: dash.map((length) => length * theme.strokes.bound),
    pointRadius: 0,
    order: 2
  }
}

function chartOptions(options: FactorChartOptions, factor: Factor) {
  const { metric, run, theme, titled = false, hasLegend = false } = options
  const size = theme.textSize
  const ticks = { font: tickFont(theme), color: theme.text3, padding: size / 2 }
  const { isLog, min, max, series, positions } = factor
  const chart: NonNullable<FactorConfiguration['options']> = {
    ...stillChart,
    layout: { autoPadding: false, padding: { top: size, right: size / 2 } },
    plugins: { legend: { display: false }, title: { display: false }, tooltip: { enabled: false } },
    scales: {
      x: {
        type: isLog ? 'logarithmic' : 'linear',
        min,
        max,
        border: { color: theme.bound, width: theme.strokes.bound },
        grid: { display: false },
        title: axisTitle(titled, factorName(run.experiment), theme),
        ticks: {
          ...ticks,
          autoSkip: false,
          maxRotation: 0,
          callback: (value) => series[positions.indexOf(Number(value))]?.short ?? ''
        },
        afterBuildTicks: (axis) => {
          axis.ticks = spacedPositions(factor).map((value) => ({ value }))
        }
      },
      y: {
        type: 'linear',
        ...valueRange(metric, run, factor),
        border: { display: false },
        grid: { color: theme.line, drawTicks: false, lineWidth: theme.strokes.bound },
        title: axisTitle(hasLegend, factorTitles[metric].title, theme),
        ticks: {
          ...ticks,
          maxTicksLimit: 5,
          includeBounds: false,
          callback(value, index, all) {
            return Number(value) >= 10_000
              ? formatTick(Number(value))
              : Ticks.formatters.numeric.call(this, Number(value), index, all)
          }
        }
      }
    }
  }
  return chart
}

function valueRange(metric: FactorMetric, run: FactorRun, { values, references }: Factor) {
  const { experiment, bounds } = run
  if (metric === 'ssim') return { min: 0, max: 1 }
  if (metric === 'gapClosed') return { min: 0, max: 100 }
  const highs = factorRanges(run, metric).map((range) => range?.high ?? null)
  const drawn = [...values, ...highs, ...references.flatMap(({ points }) => points.map(({ y }) => y))]
  const highest = Math.max(0, ...drawn.filter((value): value is number => Number.isFinite(value)))
  if (metric !== lossOf(experiment)) return highest > 0 ? { min: 0 } : { min: 0, max: 1 }
  const withName = Math.max(1.1 * bounds.meanDigit, highest) // room for the bound's name
  const step = 10 ** Math.floor(Math.log10(withName))
  return { min: 0, max: Math.ceil(withName / step) * step }
}

/** The positions to write below the axis: all, but for those whose labels would come too near to the one before or the last. */
function spacedPositions({ series, positions, isLog, min, max }: Factor): number[] {
  const along = (position: number) => (isLog ? Math.log(position) : position)
  const letter = 0.035 * (along(max) - along(min))
  const isClear = (one: number, other: number) => {
    const letters = [one, other].reduce((sum, rank) => sum + (series[rank]?.short.length ?? 0), 0)
    return Math.abs(along(positions[one] ?? 0) - along(positions[other] ?? 0)) >= letter * (letters / 2 + 0.6)
  }
  const last = positions.length - 1
  const chosen: number[] = []
  for (const rank of positions.keys()) {
    const before = chosen[chosen.length - 1]
    const hasRoom = before === undefined || isClear(before, rank)
    if (hasRoom && (rank === last || isClear(rank, last))) chosen.push(rank)
  }
  return chosen.map((rank) => positions[rank] ?? 0)
}

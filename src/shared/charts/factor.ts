// What the varied hyperparameter does: one metric against the latent dimension, d on a log2 axis. Small multiples, one metric each.
import type { ChartConfiguration, ChartDataset, Plugin, Point } from 'chart.js'
import type { Bounds, RunModel } from '../run'
import { dimColours, tickFont, type ChartTheme } from './theme'

export const factorMetrics = ['bce', 'mse', 'psnr', 'ssim', 'gapClosed'] as const
type FactorMetric = (typeof factorMetrics)[number]

/** How each metric is headed, and which way is better. */
export const factorTitles: Record<FactorMetric, { title: string; better: 'lower' | 'higher' }> = {
  bce: { title: 'BCE', better: 'lower' },
  mse: { title: 'MSE', better: 'lower' },
  psnr: { title: 'PSNR, dB', better: 'higher' },
  ssim: { title: 'SSIM', better: 'higher' },
  gapClosed: { title: 'Gap closed, %', better: 'higher' }
}

interface FactorChartOptions {
  metric: FactorMetric
  /** Narrowest first, as in run.json; a model without the metric leaves a gap. */
  models: readonly Pick<RunModel, 'latentDim' | 'metrics'>[]
  /** Lines on BCE (both bounds) and on MSE (PCA with as many components). */
  bounds: Bounds
  theme: ChartTheme
}

type FactorConfiguration = ChartConfiguration<'line', Point[]>
type FactorDataset = ChartDataset<'line', Point[]>
/** A line that is not a model's: its name is written at its first (`start`) or last (`end`) point, above (-1) or beside it (0). */
interface Reference {
  name: string
  points: { x: number; y: number }[]
  dash: number[]
  at: 'start' | 'end'
  side: -1 | 0
}

/** The configuration of a new chart, for a page that has registered `chartParts`. Lengths are in canvas units. */
export function factorChart(options: FactorChartOptions): FactorConfiguration {
  const { theme } = options
  const lines = references(options)
  return {
    type: 'line',
    data: { datasets: [modelDataset(options), ...lines.map((line) => referenceDataset(line, theme))] },
    options: chartOptions(options, lines),
    plugins: [referenceNames(lines, theme)]
  }
}

/** What is plotted for a model: gap closed in percent, the others as run.json has them; null where not measured. */
export function factorValue({ metrics }: Pick<RunModel, 'metrics'>, metric: FactorMetric): number | null {
  const value = metrics?.[metric] ?? null
  return value !== null && metric === 'gapClosed' ? 100 * value : value
}

function modelDataset({ metric, models, theme }: FactorChartOptions): FactorDataset {
  const colours = dimColours(theme, models.length)
  return {
    label: factorTitles[metric].title,
    data: models.map((model) => ({ x: model.latentDim, y: factorValue(model, metric) ?? NaN })),
    borderColor: theme.text3,
    borderWidth: theme.strokes.bound,
    pointRadius: 1.8 * theme.strokes.validation,
    pointBackgroundColor: colours,
    pointBorderWidth: 0,
    clip: false,
    order: 1
  }
}

function references({ metric, models, bounds }: FactorChartOptions): Reference[] {
  const { min, max } = dimRange(models)
  const across = (y: number) => [min, max].map((x) => ({ x, y }))
  if (metric === 'bce') {
    return [
      { name: 'mean digit', points: across(bounds.meanDigit), dash: [], at: 'end', side: -1 },
      { name: 'perfect copy', points: across(bounds.perfectCopy), dash: [1, 2], at: 'start', side: -1 }
    ]
  }
  const { pcaMse } = bounds
  if (metric !== 'mse' || !pcaMse) return []
  const points = models.map(({ latentDim }, rank) => ({ x: latentDim, y: pcaMse[rank] ?? NaN }))
  return [{ name: 'PCA', points, dash: [3, 2.5], at: 'start', side: 0 }]
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

function chartOptions(options: FactorChartOptions, lines: Reference[]): NonNullable<FactorConfiguration['options']> {
  const { models, theme } = options
  const size = theme.textSize
  const dims = models.map((model) => model.latentDim)
  const ticks = { font: tickFont(theme), color: theme.text3, padding: size / 2 }
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    events: [],
    layout: { autoPadding: false, padding: { top: size, right: size / 2 } },
    plugins: { legend: { display: false }, title: { display: false }, tooltip: { enabled: false } },
    scales: {
      x: {
        type: 'logarithmic',
        ...dimRange(models),
        border: { color: theme.bound, width: theme.strokes.bound },
        grid: { display: false },
        ticks: { ...ticks, autoSkip: false, maxRotation: 0, callback: (value) => String(value) },
        afterBuildTicks: (axis) => {
          axis.ticks = spacedDims(dims).map((value) => ({ value }))
        }
      },
      y: {
        type: 'linear',
        ...valueRange(options, lines),
        border: { display: false },
        grid: { color: theme.line, drawTicks: false, lineWidth: theme.strokes.bound },
        ticks: { ...ticks, maxTicksLimit: 5, includeBounds: false }
      }
    }
  }
}

/** The d axis' ends: a little beyond the narrowest and the widest model. */
function dimRange(models: FactorChartOptions['models']): { min: number; max: number } {
  const first = models[0]?.latentDim ?? 1
  const last = models[models.length - 1]?.latentDim ?? first
  const margin = Math.max(1.15, (last / first) ** 0.06)
  return { min: first / margin, max: last * margin }
}

function valueRange(
  { metric, models, bounds }: FactorChartOptions,
  lines: Reference[]
): { min?: number; max?: number } {
  if (metric === 'ssim') return { min: 0, max: 1 }
  if (metric === 'gapClosed') return { min: 0, max: 100 }
  if (metric === 'bce') {
    const highest = Math.max(1.1 * bounds.meanDigit, ...valuesOf(models, metric)) // room for the bound's name
    return { min: 0, max: Math.ceil(10 * highest) / 10 }
  }
  const values = [...valuesOf(models, metric), ...lines.flatMap((line) => line.points.map((point) => point.y))]
  const highest = Math.max(0, ...values.filter(Number.isFinite))
  return highest > 0 ? { min: 0 } : { min: 0, max: 1 }
}

function valuesOf(models: FactorChartOptions['models'], metric: FactorMetric): number[] {
  return models.map((model) => factorValue(model, metric) ?? NaN).filter(Number.isFinite)
}

/** The dimensions to write below the axis: all, but for those that would touch the one before or the last. */
function spacedDims(dims: readonly number[]): number[] {
  const first = dims[0] ?? 1
  const last = dims[dims.length - 1] ?? first
  const room = Math.max(Math.log2(last / first) * 0.11, 1e-6)
  const chosen: number[] = []
  for (const d of dims) {
    const before = chosen[chosen.length - 1]
    const clear = (other: number) => Math.abs(Math.log2(d / other)) >= room
    if ((before === undefined || clear(before)) && (d === last || clear(last))) chosen.push(d)
  }
  return chosen
}

function referenceNames(lines: Reference[], theme: ChartTheme): Plugin<'line'> {
  return {
    id: 'referenceNames',
    afterDatasetsDraw: ({ ctx, scales }) => {
      const size = theme.textSize
      ctx.save()
      ctx.font = `400 ${size}px ${theme.font}`
      ctx.fillStyle = theme.text3
      ctx.textBaseline = 'middle'
      for (const { name, points, at, side } of lines) {
        const point = at === 'start' ? points[0] : points[points.length - 1]
        if (!point || !Number.isFinite(point.y)) continue
        ctx.textAlign = at === 'start' ? 'left' : 'right'
        ctx.fillText(
          name,
          (scales.x?.getPixelForValue(point.x) ?? 0) + (side === 0 ? size : 0),
          (scales.y?.getPixelForValue(point.y) ?? 0) + side * 0.8 * size
        )
      }
      ctx.restore()
    }
  }
}

// Loss by epoch, one series alone or all overlaid: the one definition for the screen and the PDF.
// What stands beside the lines (bands, end labels, bounds' names, cursor, veil) is drawn by loss-marks.ts.
import type { Chart, ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { smoothed } from '../smoothing'
import type { Band, LossCurve, Series } from '../series'
import { epochAxis, lossAxis, rangeOfX } from './loss-axes'
import { endLabelWidth } from './loss-labels'
import { lossMarks, marksOf, type LossMarks } from './loss-marks'
import { plottedLoss, type LossBounds, type LossScale } from './loss-scale'
import type { AxisRange } from './loss-zoom'
import { mix } from './oklab'
import { seriesColours, stillChart, type ChartTheme } from './theme'
import { allEpochs, epochOf, xOf, type Pace, type XAxis } from './x-axis'

/** What is drawn of a series; its rank decides the colour. */
export interface LossSeries extends Pick<Series, 'label' | 'short' | 'rank' | 'train' | 'val' | 'band'>, Pace {
  /** Mean training loss of the first epoch as far as it is trained: an open circle, until the epoch has ended. */
  partialTrainLoss?: number
  /** Drawn grey, because another series is meant. */
  muted?: boolean
  /** The area drawn around the line; left out: `band`. */
  area?: Band | null
  /** Each seed's validation loss: thin lines with their names. */
  seeds?: readonly { label: string; val: LossCurve }[]
}

export interface LossChartOptions {
  series: readonly LossSeries[]
  /** How many the experiment has; with the rank it decides the colour. */
  seriesCount: number
  /** Whether their ranks have an order, which the colours then show; they have where it is left out. */
  ordered?: boolean
  bounds: LossBounds
  /** A loss that has to be on the axis, the same for all charts of a run: `highestLoss` of all its series. */
  highest: number
  /** The last epoch on the axis. */
  epochs: number
  /** `log` shows the distance to a perfect copy, loss − bounds.perfectCopy. */
  scale: LossScale
  theme: ChartTheme
  /** All series in one chart: loss ticks on the left, each one's short label at its line's end. */
  overlaid: boolean
  /** The epoch looked at, from 0; null: the latest. */
  cursor: number | null
  endLabels: boolean
  /** `mean digit` and `perfect copy` written at their lines. */
  boundLabels: boolean
  /** Epochs written below the axis. */
  showXAxis: boolean
  /** What lies across; left out: all epochs from 1. */
  xAxis?: XAxis
  /** How much lines are smoothed, 0 (not at all) to below 1; the lines as they are stay visible, faint. */
  smoothing?: number
  /** The loss axis' ends where it doesn't follow the bounds: `zoomedRange`. */
  range?: AxisRange | null
  /** Losses written beside a chart that is not overlaid too. */
  rowAxis?: boolean
  /** Names at the axes. */
  titled?: boolean
  /** What the losses are, `BCE`; written beside the axis. */
  lossName?: string
  /** The value at the epoch looked at is written beside its dot. */
  cursorLabels?: boolean
}

export type LossChart = Chart<'line', Point[]>
type LossConfiguration = ChartConfiguration<'line', Point[]>
type LossDataset = ChartDataset<'line', Point[]>
type Options = NonNullable<LossConfiguration['options']>

/** How much colour is left of a line as it is where a smoothed one lies over it. */
const RAW = 0.35

/** The configuration of a new chart, for a page that has registered `chartParts`. Lengths are in canvas units. */
export function lossChart(options: LossChartOptions): LossConfiguration {
  return {
    type: 'line',
    data: { datasets: lossDatasets(options) },
    options: chartOptions(options),
    plugins: [lossMarks(toMarks(options))]
  }
}

/** Brings a chart to other options (new epochs, another scale or theme) and draws it once. */
export function updateLossChart(chart: LossChart, options: LossChartOptions): void {
  chart.data.datasets = lossDatasets(options)
  chart.options = chartOptions(options)
  Object.assign(marksOf(chart), toMarks(options))
  chart.update('none')
}

/** Moves the cursor alone, at the cost of one drawing. */
export function moveLossCursor(chart: LossChart, cursor: number | null): void {
  marksOf(chart).cursor = cursor
  chart.draw()
}

/** Pixels beside a plot that still belong to its ends. */
const BESIDE = 8

/** The epoch, not rounded, at a place across the canvas; of series with unlike steps or times, that of the one whose epochs are the longest. Beside the plot null, or where `beyond` what would stand there. */
export function epochAtPixel(chart: LossChart, x: number, options: LossChartOptions, beyond = false): number | null {
  const { series, xAxis = allEpochs } = options
  const { left, right } = chart.chartArea
  if (!beyond && (x < left - BESIDE || x > right + BESIDE)) return null
  const lengthOf = (one: Pace) => xOf(1, one, xAxis)
  const longest = series.reduce<Pace>((most, one) => (lengthOf(one) > lengthOf(most) ? one : most), series[0] ?? {})
  return epochOf(chart.scales.x?.getValueForPixel(x) ?? 0, longest, xAxis)
}

/** Where a curve lies: at which place an epoch stands, and how high a loss. */
interface Placing extends Pace {
  bounds: LossBounds
  scale: LossScale
  xAxis?: XAxis
}

/** A curve as points: x the epoch from 1, its last step or the time at its end, y the loss or, on a log scale, its distance to a perfect copy; NaN leaves a gap. */
export function lossData(losses: LossCurve, { bounds, scale, xAxis = allEpochs, ...pace }: Placing): Point[] {
  return losses.map((loss, index) => ({
    x: xOf(index + 1, pace, xAxis),
    y: loss === null ? NaN : plottedLoss(loss, bounds, scale)
  }))
}

function lossDatasets(options: LossChartOptions): LossDataset[] {
  const { bounds, scale, theme } = options
  const { strokes } = theme
  const { min, max } = rangeOfX(options)
  const across = (loss: number) => [min, max].map((x) => ({ x, y: plottedLoss(loss, bounds, scale) }))
  const bound = { borderColor: theme.bound, borderWidth: strokes.bound, order: 4 }
  return [
    ...options.series.flatMap((series) => linesOf(series, options)),
    { ...bound, label: bounds.meanName ?? 'mean digit', data: across(bounds.meanDigit) },
    {
      ...bound,
      label: 'perfect copy',
      data: scale === 'log' ? [] : across(bounds.perfectCopy),
      borderDash: [strokes.bound, 2 * strokes.bound]
    },
    ...options.series.flatMap((series) => linesBehind(series, options))
  ]
}

/** Validation and training loss, smoothed where that is asked for: two lines a series, in this order. */
function linesOf(series: LossSeries, options: LossChartOptions): LossDataset[] {
  const { theme, smoothing = 0 } = options
  const borderColor = colourOf(series, options)
  const points = (curve: LossCurve) => lossData(smoothed(curve, smoothing), { ...options, ...paceOf(series) })
  return [
    {
      label: `${series.label}, validation`,
      data: points(series.val),
      borderColor,
      borderWidth: theme.strokes.validation,
      order: series.muted ? 3 : 1
    },
    {
      label: `${series.label}, training`,
      data: points(series.train ?? []),
      borderColor,
      borderWidth: theme.strokes.train,
      borderDash: [...theme.strokes.trainDash],
      order: series.muted ? 3 : 2
    }
  ]
}

/** What lies faintly behind: the losses as they are under smoothed lines, and each seed's. */
function linesBehind(series: LossSeries, options: LossChartOptions): LossDataset[] {
  const { theme, smoothing = 0 } = options
  const place = { ...options, ...paceOf(series) }
  const faint = mix(theme.surface, colourOf(series, options), RAW)
  const raw = { label: `${series.label}, validation, not smoothed`, borderColor: faint, order: 3 }
  const seeds = (series.seeds ?? []).map(({ label, val }) => ({
    label: `${series.label}, ${label}`,
    data: lossData(val, place),
    borderColor: colourOf(series, options),
    borderWidth: theme.strokes.bound / 2,
    order: 3
  }))
  const unsmoothed =
    smoothing > 0 ? [{ ...raw, data: lossData(series.val, place), borderWidth: theme.strokes.train }] : []
  return [...unsmoothed, ...seeds]
}

const paceOf = ({ stepsPerEpoch = 1, seconds = null }: LossSeries): Pace => ({ stepsPerEpoch, seconds })

function chartOptions(options: LossChartOptions): Options {
  const { theme, overlaid, endLabels, showXAxis } = options
  const size = theme.textSize
  const names = overlaid ? endLabelWidth(options.series, options.bounds) : 4.6
  const right = (endLabels ? names : showXAxis || options.rowAxis ? 1.4 : 0.5) * size
  return {
    ...stillChart,
    clip: 0,
    layout: {
      autoPadding: false,
      padding: { left: 2 * theme.strokes.validation, right, top: size / 2, bottom: showXAxis ? 0 : size / 2 }
    },
    elements: { line: { tension: 0, borderJoinStyle: 'round' }, point: { radius: 0, hitRadius: 0 } },
    plugins: {
      legend: { display: false },
      title: { display: false },
      tooltip: { enabled: false },
      decimation: { enabled: false }
    },
    scales: { x: epochAxis(options), y: lossAxis(options) }
  }
}

function colourOf({ rank, muted }: LossSeries, { theme, seriesCount, ordered }: LossChartOptions): string {
  return (muted ? undefined : seriesColours(theme, seriesCount, ordered)[rank]) ?? theme.bound
}

function toMarks(options: LossChartOptions): LossMarks {
  const { bounds, scale, theme, overlaid, cursor, endLabels, boundLabels, xAxis = allEpochs } = options
  const { cursorLabels = false } = options
  const series = options.series.map((one) => ({ ...one, colour: colourOf(one, options) }))
  const labels = { endLabels, boundLabels, cursorLabels }
  return { series, bounds, scale, theme, overlaid, cursor, xAxis, ...labels }
}

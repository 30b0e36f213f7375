// Loss by epoch, one series alone or all overlaid: the one definition for the screen and the PDF.
// What stands beside the lines (bands, end labels, bounds' names, cursor, veil) is drawn by loss-marks.ts.
import type { Chart, ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { epochTicks } from './epoch-axis'
import { lossMarks, marksOf, shortWidth, type LossMarks } from './loss-marks'
import {
  isBoundTick,
  lossRange,
  lossTickLabel,
  lossTicks,
  plottedLoss,
  type LossBounds,
  type LossScale
} from './loss-scale'
import type { LossCurve, Series } from '../series'
import { seriesColours, tickFont, type ChartTheme } from './theme'

/** What is drawn of a series; its rank decides the colour. */
export interface LossSeries extends Pick<Series, 'label' | 'short' | 'rank' | 'train' | 'val' | 'band'> {
  /** Mean training loss of the first epoch as far as it is trained: an open circle, until the epoch has ended. */
  partialTrainLoss?: number
  /** Drawn grey, because another series is meant. */
  muted?: boolean
}

export interface LossChartOptions {
  series: readonly LossSeries[]
  /** How many the experiment has; with the rank it decides the colour. */
  seriesCount: number
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
  /** The epoch looked at, from 1; null: the latest. */
  cursor: number | null
  endLabels: boolean
  /** `mean digit` and `perfect copy` written at their lines. */
  boundLabels: boolean
  /** Epochs written below the axis. */
  showXAxis: boolean
}

export type LossChart = Chart<'line', Point[]>
type LossConfiguration = ChartConfiguration<'line', Point[]>
type LossDataset = ChartDataset<'line', Point[]>
type Options = NonNullable<LossConfiguration['options']>
type Axis = NonNullable<NonNullable<Options['scales']>[string]>

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

/** A curve as points: x the epoch from 1, y the loss or, on a log scale, its distance to a perfect copy; NaN leaves a gap. */
export function lossData(losses: LossCurve, bounds: LossBounds, scale: LossScale): Point[] {
  return losses.map((loss, index) => ({ x: index + 1, y: loss === null ? NaN : plottedLoss(loss, bounds, scale) }))
}

function lossDatasets(options: LossChartOptions): LossDataset[] {
  const { bounds, scale, theme } = options
  const { strokes } = theme
  const across = (loss: number) => [1, lastEpoch(options)].map((x) => ({ x, y: plottedLoss(loss, bounds, scale) }))
  const bound = { borderColor: theme.bound, borderWidth: strokes.bound, order: 3 }
  const lines = options.series.flatMap((series): LossDataset[] => {
    const borderColor = colourOf(series, options)
    return [
      {
        label: `${series.label}, validation`,
        data: lossData(series.val, bounds, scale),
        borderColor,
        borderWidth: strokes.validation,
        order: 1
      },
      {
        label: `${series.label}, training`,
        data: lossData(series.train ?? [], bounds, scale),
        borderColor,
        borderWidth: strokes.train,
        borderDash: [...strokes.trainDash],
        order: 2
      }
    ]
  })
  return [
    ...lines,
    { ...bound, label: 'mean digit', data: across(bounds.meanDigit) },
    {
      ...bound,
      label: 'perfect copy',
      data: scale === 'log' ? [] : across(bounds.perfectCopy),
      borderDash: [strokes.bound, 2 * strokes.bound]
    }
  ]
}

function chartOptions(options: LossChartOptions): Options {
  const { theme, overlaid, endLabels, showXAxis } = options
  const size = theme.textSize
  const names = overlaid ? shortWidth(options.series) + 5.2 : 4.6
  const right = (endLabels ? names : 0.5) * size
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    events: [],
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

function epochAxis(options: LossChartOptions): Axis {
  const { theme, overlaid, showXAxis } = options
  return {
    type: 'linear',
    min: 1,
    max: lastEpoch(options),
    border: { display: false },
    grid: {
      color: theme.line,
      drawTicks: false,
      lineWidth: ({ tick }) => (overlaid || tick.value === 1 ? 0 : theme.strokes.bound)
    },
    ticks: {
      display: showXAxis,
      font: tickFont(theme),
      color: theme.text3,
      padding: theme.textSize / 3,
      align: 'inner',
      autoSkip: false,
      maxRotation: 0
    },
    afterBuildTicks: (scale) => {
      scale.ticks = epochTicks(lastEpoch(options)).map((value) => ({ value }))
    },
    // labels lie within the plot's width: it stays that of the charts above, which have none
    afterFit: (scale) => {
      scale.paddingLeft = 0
      scale.paddingRight = 0
    }
  }
}

function lossAxis({ theme, bounds, highest, scale, overlaid }: LossChartOptions): Axis {
  return {
    type: scale === 'log' ? 'logarithmic' : 'linear',
    ...lossRange(bounds, scale, highest),
    display: overlaid,
    border: { display: false },
    grid: {
      color: theme.line,
      drawTicks: false,
      lineWidth: ({ tick }) => (isBoundTick(tick.value, bounds, scale) ? 0 : theme.strokes.bound)
    },
    ticks: {
      font: tickFont(theme),
      color: theme.text3,
      padding: theme.textSize / 2,
      autoSkip: false,
      callback: (value) => lossTickLabel(Number(value), bounds, scale)
    },
    afterBuildTicks: (axis) => {
      axis.ticks = lossTicks(bounds, scale, highest).map((value) => ({ value }))
    }
  }
}

/** The axis needs two ends even while one epoch is all there is. */
function lastEpoch({ epochs }: LossChartOptions): number {
  return Math.max(2, epochs)
}

function colourOf({ rank, muted }: LossSeries, { theme, seriesCount }: LossChartOptions): string {
  return (muted ? undefined : seriesColours(theme, seriesCount)[rank]) ?? theme.bound
}

function toMarks(options: LossChartOptions): LossMarks {
  const { bounds, scale, theme, overlaid, cursor, endLabels, boundLabels } = options
  const series = options.series.map((one) => ({ ...one, colour: colourOf(one, options) }))
  return { series, bounds, scale, theme, overlaid, cursor, endLabels, boundLabels }
}

// Loss by epoch, one model alone or all overlaid: the one definition for the screen and the PDF.
// What stands beside the lines (end labels, bounds' names, cursor, veil) is drawn by loss-marks.ts.
import type { Chart, ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { epochTicks } from './epoch-axis'
import { lossMarks, marksOf, type LossMarks } from './loss-marks'
import {
  isBoundTick,
  lossRange,
  lossTickLabel,
  lossTicks,
  placeLoss,
  type LossBounds,
  type LossScale
} from './loss-scale'
import { dimColours, tickFont, type ChartTheme } from './theme'

/** One model's curves, one entry an epoch; null where the loss was no number. */
export interface LossSeries {
  latentDim: number
  /** Place among the experiment's models, 0 = narrowest; decides the colour. */
  rank: number
  trainLoss: readonly (number | null)[]
  valLoss: readonly (number | null)[]
  /** Mean training loss of the first epoch as far as it is trained: a ring, until the epoch has ended. */
  soFar?: number
  /** Drawn grey, because another model is meant. */
  muted?: boolean
}

export interface LossChartOptions {
  series: readonly LossSeries[]
  /** Models of the experiment; with the rank it decides the colour. */
  models: number
  bounds: LossBounds
  /** A loss that has to be on the axis, the same for all charts of a run: `highestLoss` of all its models. */
  highest: number
  /** The last epoch on the axis. */
  epochs: number
  /** `log` shows the distance to a perfect copy, BCE − bounds.perfectCopy. */
  scale: LossScale
  theme: ChartTheme
  /** All models in one chart: loss ticks on the left, `d value` at each line's end. */
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
export function lossData(losses: readonly (number | null)[], bounds: LossBounds, scale: LossScale): Point[] {
  return losses.map((loss, index) => ({ x: index + 1, y: loss === null ? NaN : placeLoss(loss, bounds, scale) }))
}

function lossDatasets(options: LossChartOptions): LossDataset[] {
  const { bounds, scale, theme } = options
  const { strokes } = theme
  const across = (loss: number) => [1, lastEpoch(options)].map((x) => ({ x, y: placeLoss(loss, bounds, scale) }))
  const bound = { borderColor: theme.bound, borderWidth: strokes.bound, order: 3 }
  const models = options.series.flatMap((series): LossDataset[] => {
    const name = `d = ${series.latentDim}`
    const borderColor = colourOf(series, options)
    return [
      {
        label: `${name}, validation`,
        data: lossData(series.valLoss, bounds, scale),
        borderColor,
        borderWidth: strokes.validation,
        order: 1
      },
      {
        label: `${name}, training`,
        data: lossData(series.trainLoss, bounds, scale),
        borderColor,
        borderWidth: strokes.train,
        borderDash: [...strokes.trainDash],
        order: 2
      }
    ]
  })
  return [
    ...models,
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
  const right = endLabels ? (overlaid ? 7.4 : 4.6) * size : size / 2
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

function colourOf({ rank, muted }: LossSeries, { theme, models }: LossChartOptions): string {
  return (muted ? undefined : dimColours(theme, models)[rank]) ?? theme.bound
}

function toMarks(options: LossChartOptions): LossMarks {
  const { bounds, scale, theme, overlaid, cursor, endLabels, boundLabels } = options
  const series = options.series.map((one) => ({
    latentDim: one.latentDim,
    valLoss: one.valLoss,
    soFar: one.soFar ?? null,
    muted: one.muted ?? false,
    colour: colourOf(one, options)
  }))
  return { series, bounds, scale, theme, overlaid, cursor, endLabels, boundLabels }
}

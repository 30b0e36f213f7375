// Both axes of a loss chart as Chart.js has them: what they reach, where they are marked, what they are called.
import type { ChartConfiguration, Point, Scale } from 'chart.js'
import type { LossChartOptions } from './loss'
import { isBoundTick, lossRange, lossTickLabel, lossTicks } from './loss-scale'
import { zoomedTickLabel, zoomedTicks } from './loss-zoom'
import { axisTitle, tickFont, type ChartTheme } from './theme'
import { allEpochs, xLabel, xRange, xTicks, type XAxis } from './x-axis'

type Options = NonNullable<ChartConfiguration<'line', Point[]>['options']>
type Axis = NonNullable<NonNullable<Options['scales']>[string]>

/** Width of the loss axis of a chart in a row, in text sizes: the same whatever its labels, so that the rows' plots begin at one place. */
const ROW_AXIS = 4
/** Marks of a chart in a row stand so many text sizes apart. */
const ROW_DISTANCE = 1.25

export function epochAxis(options: LossChartOptions): Axis {
  const { theme, overlaid, showXAxis, xAxis = allEpochs, titled = false } = options
  const range = rangeOfX(options)
  return {
    type: xAxis.scale === 'log' ? 'logarithmic' : 'linear',
    ...range,
    border: { display: false },
    grid: {
      color: theme.line,
      drawTicks: false,
      lineWidth: ({ tick }) => (overlaid || tick.value === range.min ? 0 : theme.strokes.bound)
    },
    title: axisTitle(titled && showXAxis, xTitle(xAxis), theme),
    ticks: {
      display: showXAxis,
      font: tickFont(theme),
      color: theme.text3,
      padding: theme.textSize / 3,
      autoSkip: false,
      maxRotation: 0,
      callback: (value) => xLabel(Number(value), xAxis.unit)
    },
    afterBuildTicks: (scale) => {
      scale.ticks = xTicks(range, xAxis, mostTicks(scale, theme, xAxis)).map((value) => ({ value }))
    },
    afterFit: keepWidth
  }
}

/** For how many labels of a few figures there is room; those of time have a unit. */
function mostTicks({ maxWidth }: Scale, { textSize }: ChartTheme, { unit }: XAxis): number {
  return Math.max(1, Math.min(7, Math.floor(maxWidth / ((unit === 'time' ? 4.4 : 3.2) * textSize))))
}

/** Labels stand under their ticks and take no width from the plot: it stays that of the charts above, which have none. */
function keepWidth(scale: Scale): void {
  scale.paddingLeft = 0
  scale.paddingRight = 0
}

/** Both ends of the axis, in its unit. */
export function rangeOfX({ series, epochs, xAxis = allEpochs }: Pick<LossChartOptions, 'series' | 'epochs' | 'xAxis'>) {
  const paces = series.map((one) => ({ ...one, trained: one.val.length }))
  return xRange(xAxis, epochs, paces.length > 0 ? paces : [{}])
}

const unitNames: Record<XAxis['unit'], string> = {
  epoch: 'epoch',
  step: 'optimizer steps',
  time: 'training time'
}

function xTitle({ unit, scale }: XAxis): string {
  return `${unitNames[unit]}${scale === 'log' ? ', log' : ''}`
}

export function lossAxis(options: LossChartOptions): Axis {
  const { theme, bounds, highest, scale, overlaid, rowAxis = false, titled = false, lossName = 'loss', range } = options
  const isBound = (value: number) => isBoundTick(value, bounds, scale)
  const ticks = range ? zoomedTicks(range, scale) : lossTicks(bounds, scale, highest)
  return {
    type: scale === 'log' ? 'logarithmic' : 'linear',
    ...(range ?? lossRange(bounds, scale, highest)),
    display: overlaid || rowAxis,
    border: { display: false },
    grid: {
      color: theme.line,
      drawTicks: false,
      lineWidth: ({ tick }) => (isBound(tick.value) ? 0 : theme.strokes.bound)
    },
    title: axisTitle(titled && overlaid, lossTitle(lossName, scale), theme),
    ticks: {
      font: tickFont(theme),
      color: theme.text3,
      padding: theme.textSize / 2,
      autoSkip: false,
      callback: (value) => (range ? zoomedTickLabel(Number(value), scale) : lossTickLabel(Number(value), bounds, scale))
    },
    afterBuildTicks: (axis) => {
      const shown = overlaid ? ticks : apart(ticks, axis, isBound, ROW_DISTANCE * theme.textSize)
      axis.ticks = shown.map((value) => ({ value }))
    },
    afterFit: (axis) => {
      if (!overlaid) axis.width = ROW_AXIS * theme.textSize
    }
  }
}

/** What stands beside the loss axis: on a log scale that it is the distance to a perfect copy. */
export function lossTitle(lossName: string, scale: LossChartOptions['scale']): string {
  return scale === 'log' ? `${lossName} above a perfect copy, log` : lossName
}

/** The ticks that stand so many pixels apart; bounds go first. */
function apart(ticks: readonly number[], axis: Scale, isBound: (value: number) => boolean, distance: number): number[] {
  const along = (value: number) => (axis.type === 'logarithmic' ? Math.log(value) : value)
  const length = along(axis.max) - along(axis.min)
  const place = (value: number) => ((along(value) - along(axis.min)) / length) * axis.maxHeight
  const kept: number[] = []
  for (const value of [...ticks.filter(isBound), ...ticks.filter((one) => !isBound(one))])
    if (kept.every((other) => Math.abs(place(value) - place(other)) >= distance)) kept.push(value)
  return kept.sort((one, other) => one - other)
}

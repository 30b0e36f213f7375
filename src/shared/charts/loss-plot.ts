// What the marks of a loss chart are drawn from, and where an epoch and a loss lie on its canvas.
import type { Chart } from 'chart.js'
import type { Polyline } from './free-box'
import type { LossSeries } from './loss'
import type { LossBounds, LossScale } from './loss-scale'
import type { ChartTheme } from './theme'
import { xOf, type Pace, type XAxis } from './x-axis'

export interface LossMarks {
  series: readonly (LossSeries & { colour: string })[]
  bounds: LossBounds
  scale: LossScale
  theme: ChartTheme
  overlaid: boolean
  cursor: number | null
  xAxis: XAxis
  endLabels: boolean
  boundLabels: boolean
  cursorLabels: boolean
}

/** What drawing needs of a chart. */
export type Plot = Pick<Chart, 'ctx' | 'chartArea' | 'scales' | 'data' | 'getDatasetMeta'>

/** Opacity over what comes after the cursor. */
export const VEIL = 0.72

/** A plotted value's height on the canvas. */
export function heightOf(axis: Plot['scales'][string] | undefined, value: number): number {
  return axis?.getPixelForValue(value) ?? 0
}

/** An epoch's place across the canvas, for a series of this pace; epoch 0 of a log axis lies at its beginning. */
export function placeOf(axis: Plot['scales'][string] | undefined, epoch: number, pace: Pace, xAxis: XAxis): number {
  const least = axis?.type === 'logarithmic' ? axis.min : -Infinity
  return axis?.getPixelForValue(Math.max(least, xOf(epoch, pace, xAxis))) ?? 0
}

/** A dataset's line as Chart.js has laid it out; the first datasets are two a series. */
export function verticesOf(chart: Plot, dataset: number): Polyline {
  return chart.getDatasetMeta(dataset).data
}

/** The lines of all datasets, bounds included. */
export function allLines(chart: Plot): Polyline[] {
  return chart.data.datasets.map((_, dataset) => verticesOf(chart, dataset))
}

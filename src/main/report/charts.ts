// The report's charts as SVG files, by the same configuration as on screen: all series overlaid, one chart a series, each metric against
// what varies.
import { chartSvg } from '@shared/charts/chart-svg'
import { factorChart, factorMetrics, factorTitles, factorValues } from '@shared/charts/factor'
import { lossChart, type LossChartOptions } from '@shared/charts/loss'
import { highestLoss } from '@shared/charts/loss-scale'
import { printTheme, seriesColours, type ChartTheme } from '@shared/charts/theme'
import { namedBounds } from '@shared/dataset'
import { DIVERGED, seriesHasDiverged } from '@shared/divergence'
import { epochsOf, lossOf } from '@shared/experiment'
import { formatPercent } from '@shared/format'
import { hyperparameters, isOrdered } from '@shared/hyperparameters'
import { epochsDone, type RunFile } from '@shared/run'
import { bandText, seriesMetrics, seriesOf, trainingKey, type Series } from '@shared/series'
import type { ChartPicture, Figure } from './document'
import { lossAlt, qualityAlt } from './chart-words'

/** What charts are drawn with: the width of the page's text in points, and where the files go that are made. */
export interface Drawing {
  width: number
  measure: (text: string, font: string) => number
  files: Map<string, string | Uint8Array>
  /** Of the files' names, so that several runs' do not meet. */
  prefix: string
}

/** The light theme at the sizes of print. */
export const paperTheme: ChartTheme = printTheme()

const COLUMNS = 3
const COLUMN_GAP = 20
const OVERLAID_HEIGHT = 200
const SMALL_HEIGHT = 84
const QUALITY_HEIGHT = 112
/** Height of the epochs below a small chart and of the axis' name, in text sizes. */
const AXIS = 2.35
/** More names than these can't stand beside one another at the lines' ends. */
const MOST_END_LABELS = 24

export const coloursOf = ({ experiment }: RunFile) =>
  seriesColours(paperTheme, experiment.varied.values.length, isOrdered(experiment.varied.key))

export function overlaidChart(file: RunFile, drawing: Drawing): ChartPicture {
  const series = seriesOf(file)
  const endLabels = series.length <= MOST_END_LABELS
  const options = { overlaid: true, boundLabels: true, showXAxis: true, series, endLabels, titled: true }
  const size = { width: drawing.width, height: OVERLAID_HEIGHT }
  return {
    ...unnamed,
    ...picture('losses', lossChart({ ...chartBasis(file), ...options }), size, lossAlt(file, series), drawing)
  }
}

/** One chart a series, all with the same axes. */
export function smallLossCharts(file: RunFile, drawing: Drawing): ChartPicture[] {
  const series = seriesOf(file)
  const colours = coloursOf(file)
  const basis = chartBasis(file)
  const width = columnWidth(drawing)
  return series.map((one, index) => {
    const showXAxis = index >= series.length - COLUMNS
    const boundLabels = index === Math.min(COLUMNS, series.length) - 1
    const row = { overlaid: false, rowAxis: true, titled: true, boundLabels, showXAxis, series: [one], endLabels: true }
    const height = SMALL_HEIGHT + (showXAxis ? AXIS * paperTheme.textSize : 0)
    const drawn = lossChart({ ...basis, ...row })
    return {
      name: one.label,
      colour: colours[one.rank] ?? null,
      aside: closedText(file, one),
      ...picture(`loss-${index + 1}`, drawn, { width, height }, lossAlt(file, [one]), drawing)
    }
  })
}

function closedText(file: RunFile, series: Series): string {
  const metrics = seriesMetrics(file, series)
  if (!metrics) return ''
  return seriesHasDiverged(series, file.bounds) ? DIVERGED : `gap closed ${formatPercent(metrics.gapClosed)}`
}

/** Each metric that was measured against the varied hyperparameter. */
export function qualityCharts(file: RunFile, drawing: Drawing): ChartPicture[] {
  const metrics = factorMetrics.filter((metric) => factorValues(file, metric).some((value) => value !== null))
  return metrics.map((metric) => {
    const { title, better } = factorTitles[metric]
    const size = { width: columnWidth(drawing), height: QUALITY_HEIGHT }
    const drawn = factorChart({ metric, run: file, theme: paperTheme, titled: true })
    return {
      name: title,
      colour: null,
      aside: `${better} is better`,
      ...picture(`quality-${metric}`, drawn, size, qualityAlt(file, metric), drawing)
    }
  })
}

/** What lines and bands of loss charts are. */
export function lossLegend(file: RunFile): Figure['legend'] {
  const training = trainingKey(seriesOf(file), file.experiment)
  return [
    { sign: 'line', name: 'validation' },
    ...(training ? [{ sign: 'dashed' as const, name: training }] : []),
    ...seedsLegend(file, 'band')
  ]
}

/** What bands or ranges over seeds are; nothing of a single seed. */
export function seedsLegend(file: RunFile, sign: 'band' | 'range'): Figure['legend'] {
  const name = bandText(seriesOf(file), 'range')
  return name === null ? [] : [{ sign, name }]
}

const unnamed = { name: '', colour: null, aside: '' }

/** Three side by side. */
const columnWidth = ({ width }: Drawing) => (width - (COLUMNS - 1) * COLUMN_GAP) / COLUMNS

function picture(
  name: string,
  chart: Parameters<typeof chartSvg>[0],
  size: { width: number; height: number },
  alt: string,
  { measure, files, prefix }: Drawing
): Pick<ChartPicture, 'file' | 'alt'> {
  const file = `${prefix}${name}.svg`
  files.set(file, chartSvg(chart, { ...size, margin: 0, surface: null, title: alt, measure }))
  return { file, alt }
}

type Basis = Omit<LossChartOptions, 'series' | 'overlaid' | 'boundLabels' | 'showXAxis' | 'endLabels'>

function chartBasis(file: RunFile): Basis {
  const series = seriesOf(file)
  return {
    seriesCount: series.length,
    ordered: isOrdered(file.experiment.varied.key),
    bounds: namedBounds(file),
    highest: highestLoss(series, epochsOf(file.experiment), file.bounds),
    epochs: Math.max(1, epochsDone(file)),
    scale: 'linear',
    lossName: lossOf(file.experiment).toUpperCase(),
    theme: paperTheme,
    cursor: null
  }
}

/** How what varies is called: `latent dimension`. */
export const variedName = ({ experiment }: RunFile) => hyperparameters[experiment.varied.key].label.toLowerCase()

// Loss charts as figures that stand alone: the legend names what on screen the board's heads and the lines' neighbours do.
import { csvText, type CsvCell } from '../csv'
import { evenly } from '../evenly'
import { smoothed } from '../smoothing'
import type { LossCurve } from '../series'
import type { LegendEntry } from './figure-head'
import type { ChartFigure } from './figure-svg'
import { lossChart, type LossChartOptions, type LossSeries } from './loss'
import { mix } from './oklab'
import { seriesColours, type ChartTheme } from './theme'
import { allEpochs, xOf } from './x-axis'

type Shared = 'series' | 'seriesCount' | 'ordered' | 'bounds' | 'highest' | 'epochs' | 'scale'
type Optional = 'xAxis' | 'smoothing' | 'range' | 'lossName'
/** What is drawn; where labels stand is the figure's affair. */
export type LossFigureOptions = Pick<LossChartOptions, Shared> & Partial<Pick<LossChartOptions, Optional>>

export interface LossFigureWords {
  title: string
  /** What the dashed lines are; null: there are none. */
  training: string | null
  /** What the areas around lines are; null: there are none. */
  band: string | null
  /** What a colour stands for, by rank, where it is not one series alone. */
  names?: readonly string[]
}

/** More names than these can't stand beside one another at the lines' ends. */
const MOST_END_LABELS = 24
/** Of more series the legend names some: the first, the last and a few between. */
const MOST_NAMES = 24
const FEW_NAMES = 8

export function lossFigure(options: LossFigureOptions, words: LossFigureWords): ChartFigure {
  const endLabels = options.series.length <= MOST_END_LABELS
  const alone = { overlaid: true, boundLabels: false, showXAxis: true, titled: true, cursor: null, endLabels }
  return {
    title: words.title,
    legend: (theme) => [
      ...seriesEntries(options, words, theme),
      ...lineEntries(options, words, theme),
      ...boundEntries(options, theme)
    ],
    chart: (theme) => lossChart({ ...options, ...alone, theme })
  }
}

/** Each colour once; series that are grey among others are not named. */
function seriesEntries(options: LossFigureOptions, { names }: LossFigureWords, theme: ChartTheme): LegendEntry[] {
  const colours = seriesColours(theme, options.seriesCount, options.ordered)
  const shown = options.series.filter(({ muted }) => !muted)
  const ranks = [...new Set(shown.map(({ rank }) => rank))]
  const entries = ranks.map((rank): LegendEntry => {
    const name = names?.[rank] ?? shown.find((one) => one.rank === rank)?.label ?? ''
    return { sign: 'line', colour: colours[rank] ?? theme.bound, name }
  })
  if (entries.length <= MOST_NAMES) return entries
  const remark = `${entries.length - FEW_NAMES} more between them`
  return [...evenly(entries, FEW_NAMES), { sign: 'none', colour: theme.text2, name: remark }]
}

function lineEntries({ smoothing = 0 }: LossFigureOptions, words: LossFigureWords, theme: ChartTheme): LegendEntry[] {
  const colour = theme.text2
  const how = smoothing > 0 ? ', smoothed' : ''
  const faint = mix(theme.surface, colour, 0.35)
  return [
    { sign: 'line', colour, name: `validation${how}` },
    ...(words.training === null ? [] : [{ sign: 'dashed' as const, colour, name: `${words.training}${how}` }]),
    ...(smoothing > 0 ? [{ sign: 'line' as const, colour: faint, name: 'validation, not smoothed' }] : []),
    ...(words.band === null ? [] : [{ sign: 'band' as const, colour, name: words.band }])
  ]
}

function boundEntries({ bounds, scale }: LossFigureOptions, theme: ChartTheme): LegendEntry[] {
  const perfect: LegendEntry = { sign: 'dotted', colour: theme.bound, name: 'perfect copy' }
  const mean: LegendEntry = { sign: 'thin', colour: theme.bound, name: bounds.meanName ?? 'mean digit' }
  return scale === 'log' ? [mean] : [mean, perfect] // the distance to a perfect copy is never 0 there
}

/**
 * The lines as drawn: one row an epoch that is on show, columns with their units in the head. Steps or time of each series stand beside its
 * losses where the axis is of those; smoothed lines beside the losses they are made of.
 */
export function lossFigureCsv(options: LossFigureOptions): string {
  const { series, bounds, lossName = 'loss', xAxis = allEpochs } = options
  const columns = series.flatMap((one) => columnsOf(one, options))
  const epochs = Math.max(0, ...series.map(({ val }) => val.length))
  const { from, to } = xAxis.zoom ?? { from: 1, to: epochs }
  const rows = Array.from({ length: epochs }, (_, index) => index + 1)
    .filter((epoch) => epoch >= from && epoch <= to)
    .map((epoch): CsvCell[] => [epoch, ...columns.map(({ at }) => at(epoch)), bounds.meanDigit, bounds.perfectCopy])
  const head = ['epoch', ...columns.map(({ name }) => name)]
  return csvText([...head, `${bounds.meanName ?? 'mean digit'} (${lossName})`, `perfect copy (${lossName})`], rows)
}

interface Column {
  name: string
  at(epoch: number): number | null
}

function columnsOf(one: LossSeries, { lossName = 'loss', smoothing = 0, xAxis = allEpochs }: LossFigureOptions) {
  const column = (what: string, curve: LossCurve): Column => ({
    name: `${one.label} ${what} (${lossName})`,
    at: (epoch) => curve[epoch - 1] ?? null
  })
  const unit = xAxis.unit === 'time' ? 'training time (s)' : 'optimizer steps'
  const place: Column = { name: `${one.label} ${unit}`, at: (epoch) => xOf(epoch, one, xAxis) }
  const losses = { training: one.train, validation: one.val }
  const area = one.area === undefined ? one.band : one.area
  return [
    ...(xAxis.unit === 'epoch' ? [] : [place]),
    ...Object.entries(losses).flatMap(([what, curve]) => {
      if (!curve) return []
      const measured = column(what, curve)
      return smoothing > 0 ? [measured, column(`${what}, smoothed`, smoothed(curve, smoothing))] : [measured]
    }),
    ...(area ? [column('band from', area.low), column('band to', area.high)] : [])
  ]
}

// The table of models: one row a series, then the two bounds.
import { meanName } from '@shared/dataset'
import { codeBytes, timesSmaller } from '@shared/code-size'
import { DIVERGED_REMEDY, gapText, seriesHasDiverged } from '@shared/divergence'
import { hyperparametersAt, lossOf, valuesOf, type Experiment } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss, formatPercent, formatRatio, NO_VALUE } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import { areAllTrained, epochsDone, type Metrics, type RunFile } from '@shared/run'
import { differInWidth, seedsNote, seriesMetrics, seriesMetricsSd, seriesOf, type Series } from '@shared/series'
import { coloursOf } from './charts'
import type { Cell, TableSection } from './document'
import { pcaComparison, pcaDefinition } from './pca'

const GAP_CLOSED = 'Gap closed'

interface Row {
  series: Series
  metrics: Metrics | null
  diverged: boolean
  pixels: number
  pcaMse: number | null
  /** Standard deviations of the metrics over the seeds; null of one seed. */
  sd: Metrics | null
}

interface Column {
  head: string
  text(row: Row): string
  /** Of the metrics' standard deviations. */
  sd?(sd: Metrics): string
}

const sizeColumns: Column[] = [
  { head: 'Parameters', text: ({ series }) => formatCount(series.parameters) },
  { head: 'Code, bytes', text: ({ series }) => formatCount(codeBytes(series.codeUnits)) },
  { head: 'Smaller', text: ({ series, pixels }) => formatRatio(timesSmaller(series.codeUnits, pixels)) }
]
const lossColumns: Column[] = [
  { head: 'BCE', text: ({ metrics }) => formatLoss(metrics?.bce), sd: ({ bce }) => formatLoss(bce) },
  { head: GAP_CLOSED, text: ({ metrics, diverged }) => gapText(metrics?.gapClosed, diverged) },
  { head: 'MSE', text: ({ metrics }) => formatLoss(metrics?.mse), sd: ({ mse }) => formatLoss(mse) }
]
const pcaColumn: Column = { head: 'PCA, MSE', text: ({ pcaMse }) => formatLoss(pcaMse) }
const qualityColumns: Column[] = [
  {
    head: 'PSNR, dB',
    text: ({ metrics }) => formatDecimals(metrics?.psnr, 2),
    sd: ({ psnr }) => formatDecimals(psnr, 2)
  },
  { head: 'SSIM', text: ({ metrics }) => formatLoss(metrics?.ssim), sd: ({ ssim }) => formatLoss(ssim) }
]

export function modelTable(file: RunFile): TableSection {
  const columns = columnsOf(file)
  const colours = coloursOf(file)
  const models = rowsOf(file).map((row, rank) => ({
    name: row.series.short,
    colour: colours[rank] ?? null,
    cells: columns.map((column) => modelCell(column, row))
  }))
  return {
    kind: 'table',
    heading: 'Models',
    caption: caption(file),
    symbol: hyperparameters[file.experiment.varied.key].symbol,
    columns: columns.map(({ head }) => head),
    rows: [...models, ...boundRows(file, columns)],
    notes: []
  }
}

const plain = (text: string): Cell => ({ text, strong: false, below: [] })

function modelCell({ head, text, sd }: Column, row: Row): Cell {
  const below = row.sd && sd ? sd(row.sd) : ''
  return { text: text(row), strong: head === GAP_CLOSED, below: below ? [`± ${below}`] : [] }
}

function boundRows(file: RunFile, columns: readonly Column[]): TableSection['rows'] {
  const { meanDigit, perfectCopy } = file.bounds
  const loss = lossOf(file.experiment).toUpperCase()
  const bounds = [
    [meanName(file.dataset), meanDigit, 0],
    ['perfect copy', perfectCopy, 1]
  ] as const
  return bounds.map(([name, value, gap]) => {
    const texts: Record<string, string> = { [loss]: formatLoss(value), [GAP_CLOSED]: formatPercent(gap) }
    return { name, colour: null, cells: columns.map(({ head }) => plain(texts[head] ?? '')) }
  })
}

function rowsOf(file: RunFile): Row[] {
  const pixels = file.dataset.rows * file.dataset.columns
  return seriesOf(file).map((one, rank) => ({
    series: one,
    metrics: seriesMetrics(file, one),
    diverged: seriesHasDiverged(one, file.bounds),
    pixels,
    pcaMse: file.bounds.pcaMse?.[rank] ?? null,
    sd: seriesMetricsSd(file, one)
  }))
}

function columnsOf({ experiment }: RunFile): Column[] {
  const pca = differInWidth(experiment) ? [pcaColumn] : []
  return [...sizeColumns, ...lossColumns, ...pca, ...qualityColumns]
}

/** What stands with the table. */
export function caption(file: RunFile): string {
  const done = epochsDone(file)
  const { seeds } = file.experiment
  const rows = rowsOf(file)
  const isCompared = differInWidth(file.experiment)
  const isMissing = columnsOf(file).some(({ text }) => rows.some((row) => text(row) === NO_VALUE))
  const hasDiverged = rows.some(({ diverged }) => diverged)
  const isLarger = rows.some(({ series, pixels }) => timesSmaller(series.codeUnits, pixels) < 1)
  const why = file.status === 'running' && !areAllTrained(file) ? ', since training has not come to its end' : ''
  const when = done > 0 ? whenMeasured(file.experiment, done) : 'would stand here after the first epoch'
  return [
    'Size and quality of the models.',
    `Means over ${formatCount(file.dataset.testCount)} test images${seeds.length > 1 ? ` and ${seeds.length} seeds` : ''} ${when}.`,
    ...(rows.some(({ sd }) => sd) ? [`Below each its standard deviation over the seeds, n = ${seeds.length}.`] : []),
    ...(seeds.length === 1 && done > 0 ? [seedsNote(1)] : []),
    `A code has 4 bytes a number; smaller: than the ${formatCount(file.dataset.rows * file.dataset.columns)} bytes of an image’s pixels${isLarger ? ', below 1× larger' : ''}.`,
    ...(isCompared ? [`PCA: ${pcaDefinition(file)}.`, pcaComparison(file)] : []),
    ...(hasDiverged ? [`Where a model has diverged, ${DIVERGED_REMEDY}.`] : []),
    ...(isMissing ? [`${NO_VALUE}: not measured${why}.`] : [])
  ]
    .filter(Boolean)
    .join(' ')
}

/** Which epoch the figures are of: models that are trained for fewer keep those of their last. */
function whenMeasured(experiment: Experiment, done: number): string {
  const shortest = Math.min(...valuesOf(experiment).map((value) => hyperparametersAt(experiment, value).epochs))
  const at = `after epoch ${formatCount(done)}`
  return shortest < done ? `${at}, of models with fewer epochs after their last` : at
}

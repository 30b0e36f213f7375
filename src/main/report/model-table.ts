// The table of models: one row a series, then the two bounds.
import { meanName } from '@shared/dataset'
import { seriesColours } from '@shared/charts/theme'
import { codeBytes, timesSmaller } from '@shared/code-size'
import { DIVERGED_REMEDY, gapText, seriesHasDiverged } from '@shared/divergence'
import { hyperparametersAt, lossOf, valuesOf, type Experiment } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss, formatPercent, formatRatio, NO_VALUE } from '@shared/format'
import { hyperparameters, isOrdered } from '@shared/hyperparameters'
import { areAllTrained, epochsDone, type Metrics, type RunFile } from '@shared/run'
import { differInWidth, seedsNote, seriesMetrics, seriesMetricsSd, seriesOf, type Series } from '@shared/series'
import type { Block } from './layout'
import { pcaComparison, pcaDefinition } from './pca'
import {
  CONTENT_WIDTH,
  HEADING,
  NAME_INDENT,
  paperTheme,
  paragraphHeight,
  rule,
  shorten,
  styles,
  write,
  writeHeading,
  writeName,
  writeParagraph,
  type Box,
  type Paper
} from './paper'

const ROW = 15.5
const ROWS_A_BLOCK = 36
const DEVIATION = 9 // what a row is higher by for standard deviations under its figures
const GAP_CLOSED = 'Gap closed'
const NAME_WIDTH = 9.5 // percent of the width

interface Row {
  series: Series
  metrics: Metrics | null
  diverged: boolean
  colour: string
  pixels: number
  pcaMse: number | null
  /** Standard deviations of the metrics over the seeds; null of one seed. */
  sd: Metrics | null
}

interface Column {
  head: string
  /** In percent of the table's; figures stand right-aligned under their heads. */
  width: number
  text(row: Row): string
}

const sizeColumns: Column[] = [
  { head: 'Parameters', width: 11, text: ({ series }) => formatCount(series.parameters) },
  { head: 'Code, bytes', width: 11, text: ({ series }) => formatCount(codeBytes(series.codeUnits)) },
  { head: 'Smaller', width: 9, text: ({ series, pixels }) => formatRatio(timesSmaller(series.codeUnits, pixels)) }
]
const lossColumns: Column[] = [
  { head: 'BCE', width: 9.5, text: ({ metrics }) => formatLoss(metrics?.bce) },
  { head: GAP_CLOSED, width: 11, text: ({ metrics, diverged }) => gapText(metrics?.gapClosed, diverged) },
  { head: 'MSE', width: 9.5, text: ({ metrics }) => formatLoss(metrics?.mse) }
]
const pcaColumn: Column = { head: 'PCA, MSE', width: 11, text: ({ pcaMse }) => formatLoss(pcaMse) }
const qualityColumns: Column[] = [
  { head: 'PSNR, dB', width: 10.5, text: ({ metrics }) => formatDecimals(metrics?.psnr, 2) },
  { head: 'SSIM', width: 8, text: ({ metrics }) => formatLoss(metrics?.ssim) }
]

/** The table in blocks that fit on a page each; bounds and caption stand under the last. */
export function modelTableBlocks(measure: Paper, file: RunFile): Block[] {
  const rows = rowsOf(file)
  const most = rows.some(({ sd }) => sd) ? Math.floor((ROWS_A_BLOCK * ROW) / (ROW + DEVIATION)) : ROWS_A_BLOCK
  const blocks = Math.ceil(rows.length / most)
  return Array.from({ length: blocks }, (_, index) => {
    const part = rows.slice(index * most, (index + 1) * most)
    const title = index === 0 ? 'Models' : 'Models, continued'
    return tableBlock(measure, file, { title, rows: part, isLast: index === blocks - 1 })
  })
}

interface Part {
  title: string
  rows: Row[]
  isLast: boolean
}

function tableBlock(measure: Paper, file: RunFile, { title, rows, isLast }: Part): Block {
  const columns = columnsOf(file)
  const note = caption(file)
  const tall = rows.some(({ sd }) => sd) ? ROW + DEVIATION : ROW
  const below = isLast ? 2 * ROW + 5 + paragraphHeight(measure, note, CONTENT_WIDTH, styles.caption) : 0
  return {
    title,
    growth: 0,
    height: HEADING + ROW + tall * rows.length + below,
    draw(paper, box) {
      const table = { ...box, top: box.top + writeHeading(paper, title, box), height: ROW }
      const line = (index: number) => ({ ...table, top: table.top + index * ROW })
      const modelLine = (index: number) => ({ ...table, top: table.top + ROW + index * tall, height: tall })
      const boundLine = (index: number) => line(index + 1 + (rows.length * tall) / ROW)
      writeHeads(paper, columns, hyperparameters[file.experiment.varied.key].symbol, table)
      rows.forEach((row, index) => writeRow(paper, columns, row, modelLine(index)))
      if (!isLast) return
      const { meanDigit, perfectCopy } = file.bounds
      const loss = lossOf(file.experiment).toUpperCase()
      const bounds = { [meanName(file.dataset)]: [meanDigit, 0], 'perfect copy': [perfectCopy, 1] } as const
      Object.entries(bounds).forEach(([name, [value, gap]], index) => {
        const cells = { [loss]: formatLoss(value), [GAP_CLOSED]: formatPercent(gap) }
        writeBound(paper, columns, name, cells, boundLine(index))
      })
      writeParagraph(paper, note, { ...box, top: boundLine(2).top + 5 }, styles.caption)
    }
  }
}

function rowsOf(file: RunFile): Row[] {
  const series = seriesOf(file)
  const colours = seriesColours(paperTheme, series.length, isOrdered(file.experiment.varied.key))
  const pixels = file.dataset.rows * file.dataset.columns
  return series.map((one, rank) => ({
    series: one,
    metrics: seriesMetrics(file, one),
    diverged: seriesHasDiverged(one, file.bounds),
    colour: colours[rank] ?? paperTheme.bound,
    pixels,
    pcaMse: file.bounds.pcaMse?.[rank] ?? null,
    sd: seriesMetricsSd(file, one)
  }))
}

/** The columns with their right edges as shares of the width. */
function columnsOf({ experiment }: RunFile): (Column & { right: number })[] {
  const pca = differInWidth(experiment) ? [pcaColumn] : []
  const columns = [...sizeColumns, ...lossColumns, ...pca, ...qualityColumns]
  const total = columns.reduce((sum, { width }) => sum + width, NAME_WIDTH)
  let right = NAME_WIDTH
  return columns.map((column) => {
    right += column.width
    return { ...column, right: right / total }
  })
}
type Columns = ReturnType<typeof columnsOf>

/** What stands below the table. */
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

function writeHeads(paper: Paper, columns: Columns, symbol: string, box: Box): void {
  write(paper, symbol, box.left + NAME_INDENT, box.top + 9, styles.caption)
  for (const { head, right } of columns) {
    write(paper, head, box.left + right * box.width, box.top + 9, { ...styles.caption, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

function writeRow(paper: Paper, columns: Columns, row: Row, box: Box): void {
  const y = box.top + 11
  const name = shorten(paper, row.series.short, (NAME_WIDTH / 100) * box.width, styles.strong)
  writeName(paper, name, row.colour, box.left, y)
  for (const { head, right, text } of columns) {
    const style = head === GAP_CLOSED ? styles.strong : styles.body
    write(paper, text(row), box.left + right * box.width, y, { ...style, align: 'right' })
  }
  if (row.sd) writeDeviations(paper, columns, row.sd, box)
  rule(paper, box.left, box.top + box.height, box.width)
}

/** Standard deviations over the seeds, in the lower half of a row. */
function writeDeviations(paper: Paper, columns: Columns, sd: Metrics, box: Box): void {
  const texts: Record<string, string> = {
    BCE: formatLoss(sd.bce),
    MSE: formatLoss(sd.mse),
    'PSNR, dB': formatDecimals(sd.psnr, 2),
    SSIM: formatLoss(sd.ssim)
  }
  for (const { head, right } of columns) {
    const text = texts[head]
    if (text)
      write(paper, `± ${text}`, box.left + right * box.width, box.top + 21, { ...styles.caption, align: 'right' })
  }
}

function writeBound(paper: Paper, columns: Columns, name: string, cells: Record<string, string>, box: Box): void {
  write(paper, name, box.left, box.top + 11, styles.quiet)
  for (const { head, right } of columns) {
    const text = cells[head]
    if (text) write(paper, text, box.left + right * box.width, box.top + 11, { ...styles.quiet, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

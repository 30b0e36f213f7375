// The table of models: one row a series, then the two bounds.
import { seriesColours } from '@shared/charts/theme'
import { codeBytes, timesSmaller } from '@shared/code-size'
import { hyperparametersAt, lossOf, valuesOf, type Experiment } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss, formatPercent, formatRatio, NO_VALUE } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import { epochsDone, type Metrics, type RunFile } from '@shared/run'
import { differInWidth, seriesMetrics, seriesOf, type Series } from '@shared/series'
import type { Block } from './layout'
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
const GAP_CLOSED = 'Gap closed'
const NAME_WIDTH = 9.5 // percent of the width

interface Row {
  series: Series
  metrics: Metrics | null
  colour: string
  pixels: number
  pcaMse: number | null
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
  { head: GAP_CLOSED, width: 11, text: ({ metrics }) => formatPercent(metrics?.gapClosed) },
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
  const blocks = Math.ceil(rows.length / ROWS_A_BLOCK)
  return Array.from({ length: blocks }, (_, index) => {
    const part = rows.slice(index * ROWS_A_BLOCK, (index + 1) * ROWS_A_BLOCK)
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
  const below = isLast ? 2 * ROW + 5 + paragraphHeight(measure, note, CONTENT_WIDTH, styles.caption) : 0
  return {
    title,
    growth: 0,
    height: HEADING + ROW * (rows.length + 1) + below,
    draw(paper, box) {
      const table = { ...box, top: box.top + writeHeading(paper, title, box), height: ROW }
      const line = (index: number) => ({ ...table, top: table.top + index * ROW })
      writeHeads(paper, columns, hyperparameters[file.experiment.varied.key].symbol, table)
      rows.forEach((row, index) => writeRow(paper, columns, row, line(index + 1)))
      if (!isLast) return
      const { meanDigit, perfectCopy } = file.bounds
      const loss = lossOf(file.experiment).toUpperCase()
      const bounds = { 'mean digit': [meanDigit, 0], 'perfect copy': [perfectCopy, 1] } as const
      Object.entries(bounds).forEach(([name, [value, gap]], index) => {
        const cells = { [loss]: formatLoss(value), [GAP_CLOSED]: formatPercent(gap) }
        writeBound(paper, columns, name, cells, line(rows.length + 1 + index))
      })
      writeParagraph(paper, note, { ...box, top: line(rows.length + 3).top + 5 }, styles.caption)
    }
  }
}

function rowsOf(file: RunFile): Row[] {
  const series = seriesOf(file)
  const colours = seriesColours(paperTheme, series.length)
  const pixels = file.dataset.rows * file.dataset.columns
  return series.map((one, rank) => ({
    series: one,
    metrics: seriesMetrics(file, one),
    colour: colours[rank] ?? paperTheme.bound,
    pixels,
    pcaMse: file.bounds.pcaMse?.[rank] ?? null
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

function caption(file: RunFile): string {
  const done = epochsDone(file)
  const { seeds } = file.experiment
  const isMissing = file.models.some((model) => model.metrics === null || model.metrics.psnr === null)
  const when = done > 0 ? whenMeasured(file.experiment, done) : 'would stand here after the first epoch'
  return [
    `Means over ${formatCount(file.dataset.testCount)} test images${seeds.length > 1 ? ` and ${seeds.length} seeds` : ''} ${when}.`,
    `A code has 4 bytes a number; smaller: than the ${formatCount(file.dataset.rows * file.dataset.columns)} bytes of a digit’s pixels.`,
    ...(differInWidth(file.experiment) ? ['PCA: the error of principal components, as many as d.'] : []),
    ...(isMissing ? [`${NO_VALUE}: not measured, since training has not come to its end.`] : [])
  ].join(' ')
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
  rule(paper, box.left, box.top + box.height, box.width)
}

function writeBound(paper: Paper, columns: Columns, name: string, cells: Record<string, string>, box: Box): void {
  write(paper, name, box.left, box.top + 11, styles.quiet)
  for (const { head, right } of columns) {
    const text = cells[head]
    if (text) write(paper, text, box.left + right * box.width, box.top + 11, { ...styles.quiet, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

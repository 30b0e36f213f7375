// The table of models: one row each, then the two bounds.
import { seriesColours } from '@shared/charts/theme'
import { codeBytes, PIXELS, timesSmaller } from '@shared/experiment'
import { formatCount, formatDecimals, formatLoss, formatPercent, formatRatio } from '@shared/format'
import { epochsDone, type RunFile, type RunModel } from '@shared/run'
import type { Block } from './layout'
import {
  CONTENT_WIDTH,
  dot,
  HEADING,
  paperTheme,
  paragraphHeight,
  rule,
  styles,
  write,
  writeHeading,
  writeParagraph,
  type Box,
  type Paper
} from './paper'

const ROW = 15.5
const NO_VALUE = '–'

interface Row {
  model: RunModel
  pcaMse: number | null
}

/** Right edges as shares of the width: figures stand right-aligned under their heads. */
const columns: { head: string; right: number; text(row: Row): string }[] = [
  { head: 'd', right: 0.07, text: ({ model }) => String(model.latentDim) },
  { head: 'Parameters', right: 0.19, text: ({ model }) => formatCount(model.parameters) },
  { head: 'Code, bytes', right: 0.3, text: ({ model }) => formatCount(codeBytes(model.latentDim)) },
  { head: 'Smaller', right: 0.39, text: ({ model }) => formatRatio(timesSmaller(model.latentDim)) },
  { head: 'BCE', right: 0.485, text: ({ model }) => formatLoss(model.metrics?.bce) },
  {
    head: 'Gap closed',
    right: 0.6,
    text: ({ model }) => (model.metrics ? formatPercent(model.metrics.gapClosed) : NO_VALUE)
  },
  { head: 'MSE', right: 0.695, text: ({ model }) => formatLoss(model.metrics?.mse) },
  { head: 'PCA, MSE', right: 0.81, text: ({ pcaMse }) => formatLoss(pcaMse) },
  { head: 'PSNR, dB', right: 0.915, text: ({ model }) => formatDecimals(model.metrics?.psnr, 2) },
  { head: 'SSIM', right: 1, text: ({ model }) => formatLoss(model.metrics?.ssim) }
]

export function modelTableBlock(measure: Paper, file: RunFile): Block {
  const rows = file.models.map((model, index) => ({ model, pcaMse: file.bounds.pcaMse?.[index] ?? null }))
  const note = caption(file)
  return {
    title: 'Models',
    growth: 0,
    height: HEADING + ROW * (rows.length + 3) + 5 + paragraphHeight(measure, note, CONTENT_WIDTH, styles.caption),
    draw(paper, box) {
      let top = box.top + writeHeading(paper, 'Models', box)
      writeHeads(paper, { ...box, top, height: ROW })
      top += ROW
      const colours = seriesColours(paperTheme, rows.length)
      rows.forEach((row, index) => {
        writeRow(paper, row, { ...box, top: top + index * ROW, height: ROW }, colours[index] ?? paperTheme.bound)
      })
      top += rows.length * ROW
      writeBound(paper, 'mean digit', file.bounds.meanDigit, 0, { ...box, top, height: ROW })
      writeBound(paper, 'perfect copy', file.bounds.perfectCopy, 1, { ...box, top: top + ROW, height: ROW })
      writeParagraph(paper, note, { ...box, top: top + 2 * ROW + 5 }, styles.caption)
    }
  }
}

function caption(file: RunFile): string {
  const done = epochsDone(file)
  const missing = file.models.some((model) => model.metrics === null || model.metrics.psnr === null)
  const when = done > 0 ? `after epoch ${formatCount(done)}` : 'would stand here after the first epoch'
  return (
    `Means over ${formatCount(file.dataset.testCount)} test images ${when}. ` +
    `A code is d numbers of 4 bytes; smaller: than the ${PIXELS} bytes of a digit’s pixels. PCA: the error of principal components, as many as d.` +
    (missing ? ` ${NO_VALUE}: not measured, since training has not come to its end.` : '')
  )
}

function writeHeads(paper: Paper, box: Box): void {
  for (const { head, right } of columns) {
    write(paper, head, box.left + right * box.width, box.top + 9, { ...styles.caption, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

function writeRow(paper: Paper, row: Row, box: Box, colour: string): void {
  const y = box.top + 11
  dot(paper, box.left + 3, y - 3, 2.6, colour)
  for (const { head, right, text } of columns) {
    const style = head === 'd' || head === 'Gap closed' ? styles.strong : styles.body
    write(paper, text(row), box.left + right * box.width, y, { ...style, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

function writeBound(paper: Paper, name: string, bce: number, gapClosed: number, box: Box): void {
  const cells: Record<string, string> = { BCE: formatLoss(bce), 'Gap closed': formatPercent(gapClosed) }
  write(paper, name, box.left, box.top + 11, styles.quiet)
  for (const { head, right } of columns) {
    const text = cells[head]
    if (text) write(paper, text, box.left + right * box.width, box.top + 11, { ...styles.quiet, align: 'right' })
  }
  rule(paper, box.left, box.top + box.height, box.width)
}

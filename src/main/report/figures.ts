// The report's charts: all models overlaid, one chart a model, each metric against d.
import { factorChart, factorMetrics, factorTitles, factorValue } from '@shared/charts/factor'
import { lossChart, type LossChartOptions } from '@shared/charts/loss'
import { highestLoss } from '@shared/charts/loss-scale'
import { seriesColours } from '@shared/charts/theme'
import { formatLoss, formatPercent } from '@shared/format'
import { epochsDone, type RunFile } from '@shared/run'
import { drawChart } from './chart-on-paper'
import type { Block } from './layout'
import {
  dot,
  HEADING,
  paperTheme,
  styles,
  widthOf,
  write,
  writeHeading,
  writeParagraph,
  type Box,
  type Paper
} from './paper'

const COLUMNS = 3
const COLUMN_GAP = 20
const ROW_GAP = 10
const NAME = 14 // height of a small chart's name
const NOTE_BELOW = 40

export function overlaidBlock(file: RunFile): Block {
  const title = 'Loss by epoch'
  return {
    title,
    height: HEADING + 150,
    growth: 190,
    draw(paper, box) {
      const head = writeHeading(paper, title, box)
      writeLineKey(paper, box)
      const plot = { ...box, top: box.top + head, height: box.height - head }
      const options = { overlaid: true, boundLabels: true, showXAxis: true, series: seriesOf(file) }
      drawChart(paper, plot, lossChart({ ...chartBasis(file), ...options }))
    }
  }
}

/** One chart a model, all with the same axes. */
export function lossGridBlock(file: RunFile): Block {
  const title = 'Loss by epoch, model by model'
  const rows = Math.ceil(file.models.length / COLUMNS)
  return {
    title,
    height: HEADING + rows * (NAME + 66) + (rows - 1) * ROW_GAP,
    growth: rows * 90,
    draw(paper, box) {
      writeHeading(paper, title, box)
      writeLineKey(paper, box)
      const series = seriesOf(file)
      const colours = seriesColours(paperTheme, series.length)
      series.forEach((one, index) => {
        const cell = cellOf(box, rows, index)
        const gapClosed = file.models[index]?.metrics?.gapClosed
        dot(paper, cell.left + 3, cell.top + 6, 2.6, colours[index] ?? paperTheme.bound)
        write(paper, `d = ${one.latentDim}`, cell.left + 9, cell.top + 9, styles.strong)
        const closed = gapClosed === undefined ? '' : `gap closed ${formatPercent(gapClosed)}`
        write(paper, closed, cell.left + cell.width, cell.top + 9, { ...styles.caption, align: 'right' })
        const plot = { ...cell, top: cell.top + NAME, height: cell.height - NAME }
        const showXAxis = index >= series.length - COLUMNS
        const options = {
          overlaid: false,
          boundLabels: index === Math.min(COLUMNS, series.length) - 1,
          showXAxis,
          series: [one]
        }
        drawChart(paper, showXAxis ? plot : withoutAxis(plot), lossChart({ ...chartBasis(file), ...options }))
      })
    }
  }
}

/** Each metric that was measured against the latent dimension, and a note in the cell that is left or else below. */
export function factorBlock(file: RunFile): Block {
  const title = 'Quality by latent dimension'
  const metrics = factorMetrics.filter((metric) => file.models.some((model) => factorValue(model, metric) !== null))
  const rows = Math.ceil(metrics.length / COLUMNS)
  const below = metrics.length % COLUMNS === 0 ? NOTE_BELOW : 0
  return {
    title,
    height: HEADING + rows * (NAME + 80) + (rows - 1) * ROW_GAP + below,
    growth: rows * 60,
    draw(paper, box) {
      writeHeading(paper, title, box)
      const grid = { ...box, height: box.height - below }
      metrics.forEach((metric, index) => {
        const cell = cellOf(grid, rows, index)
        const heading = factorTitles[metric]
        const better = `${heading.better} is better`
        write(paper, heading.title, cell.left, cell.top + 9, styles.strong)
        write(paper, better, cell.left + cell.width, cell.top + 9, { ...styles.caption, align: 'right' })
        const plot = { ...cell, top: cell.top + NAME, height: cell.height - NAME }
        drawChart(paper, plot, factorChart({ metric, models: file.models, bounds: file.bounds, theme: paperTheme }))
      })
      const { left, top } = below > 0 ? { ...box, top: box.top + grid.height + 8 } : cellOf(grid, rows, metrics.length)
      writeParagraph(paper, factorNote(file), { left, top, width: box.left + box.width - left }, styles.caption)
    }
  }
}

function factorNote({ bounds }: RunFile): string {
  const floor =
    `Across: the latent dimension d, equal steps for equal ratios. No BCE falls below ${formatLoss(bounds.perfectCopy)}, that of ` +
    `a perfect copy, since grey pixels cost some however well they are drawn.`
  const pca =
    'PCA is the best that d straight directions can do for the MSE: a model below its line has a code that no linear one can match.'
  return bounds.pcaMse === null ? floor : `${floor} ${pca}`
}

function chartBasis(file: RunFile): Omit<LossChartOptions, 'series' | 'overlaid' | 'boundLabels' | 'showXAxis'> {
  return {
    models: file.models.length,
    bounds: file.bounds,
    highest: highestLoss(seriesOf(file), file.experiment.epochs),
    epochs: Math.max(1, epochsDone(file)),
    scale: 'linear',
    theme: paperTheme,
    cursor: null,
    endLabels: true
  }
}

function seriesOf(file: RunFile): LossChartOptions['series'] {
  return file.models.map(({ latentDim, history }, rank) => ({ latentDim, rank, ...history }))
}

function cellOf(box: Box, rows: number, index: number): Box {
  const width = (box.width - (COLUMNS - 1) * COLUMN_GAP) / COLUMNS
  const height = (box.height - HEADING - (rows - 1) * ROW_GAP) / rows
  return {
    left: box.left + (index % COLUMNS) * (width + COLUMN_GAP),
    top: box.top + HEADING + Math.floor(index / COLUMNS) * (height + ROW_GAP),
    width,
    height
  }
}

/** Charts without epochs below end where the others' plots do, so that all plots are of one height. */
function withoutAxis(plot: Box): Box {
  return { ...plot, height: plot.height - 1.5 * paperTheme.textSize }
}

/** `— validation  -- training` at the right end of a heading. */
function writeLineKey(paper: Paper, { left, top, width }: Omit<Box, 'height'>): void {
  const { strokes } = paperTheme
  const entries = [
    { name: 'training', lineWidth: strokes.train, dash: [...strokes.trainDash] },
    { name: 'validation', lineWidth: strokes.validation, dash: [] }
  ]
  let right = left + width
  for (const { name, lineWidth, dash } of entries) {
    write(paper, name, right, top + 18, { ...styles.caption, align: 'right' })
    right -= widthOf(paper, name, styles.caption) + 4
    paper.beginPath()
    paper.moveTo(right - 16, top + 15.5)
    paper.lineTo(right, top + 15.5)
    paper.setLineDash(dash)
    paper.lineWidth = lineWidth
    paper.strokeStyle = paperTheme.text2
    paper.stroke()
    paper.setLineDash([]) // else text would be dashed too
    right -= 26
  }
}

// The report's charts: all series overlaid, one chart a series, each metric against what varies.
import { namedBounds } from '@shared/dataset'
import { factorChart, factorMetrics, factorTitles, factorValues } from '@shared/charts/factor'
import { lossChart, type LossChartOptions } from '@shared/charts/loss'
import { highestLoss } from '@shared/charts/loss-scale'
import { seriesColours } from '@shared/charts/theme'
import { DIVERGED, seriesHasDiverged } from '@shared/divergence'
import { epochsOf, lossOf } from '@shared/experiment'
import { formatLoss, formatPercent } from '@shared/format'
import { hyperparameters, isOrdered } from '@shared/hyperparameters'
import { epochsDone, type RunFile } from '@shared/run'
import { differInWidth, seriesMetrics, seriesOf, type Series } from '@shared/series'
import { writeAside, writeLineKey, writeRangeKey } from './chart-key'
import { drawChart } from './chart-on-paper'
import type { Block } from './layout'
import {
  HEADING,
  namesWithin,
  NAME_INDENT,
  paperTheme,
  styles,
  widthOf,
  write,
  writeHeading,
  writeName,
  writeParagraph,
  type Box
} from './paper'

const COLUMNS = 3
const COLUMN_GAP = 20
const ROW_GAP = 10
const NAME = 14 // height of a small chart's name
const NOTE_BELOW = 40
/** Height of the epochs below a small chart and of the axis' name, in text sizes. */
const AXIS = 2.35
const SERIES_A_BLOCK = 12
/** More names than these can't stand beside one another at the lines' ends. */
const MOST_END_LABELS = 24

export function overlaidBlock(file: RunFile): Block {
  const title = 'Loss by epoch'
  return {
    title,
    height: HEADING + 150,
    growth: 190,
    draw(paper, box) {
      const head = writeHeading(paper, title, box)
      writeLineKey(paper, file, box)
      const plot = { ...box, top: box.top + head, height: box.height - head }
      const series = seriesOf(file)
      const endLabels = series.length <= MOST_END_LABELS
      const options = { overlaid: true, boundLabels: true, showXAxis: true, series, endLabels, titled: true }
      drawChart(paper, plot, lossChart({ ...chartBasis(file), ...options }))
    }
  }
}

/** One chart a series, all with the same axes, in blocks that fit on a page each. */
export function lossGridBlocks(file: RunFile): Block[] {
  const series = seriesOf(file)
  return Array.from({ length: Math.ceil(series.length / SERIES_A_BLOCK) }, (_, index) => {
    const title = `Loss by epoch, one by one${index === 0 ? '' : ', continued'}`
    return lossGridBlock(file, title, series.slice(index * SERIES_A_BLOCK, (index + 1) * SERIES_A_BLOCK))
  })
}

function lossGridBlock(file: RunFile, title: string, series: readonly Series[]): Block {
  const rows = Math.ceil(series.length / COLUMNS)
  return {
    title,
    height: HEADING + rows * (NAME + 66) + (rows - 1) * ROW_GAP,
    growth: rows * 90,
    draw(paper, box) {
      writeHeading(paper, title, box)
      const basis = chartBasis(file)
      writeAside(paper, title, `${basis.lossName}, the same axis in all`, box)
      writeLineKey(paper, file, box)
      const colours = seriesColours(paperTheme, basis.seriesCount, basis.ordered)
      const closedWidth = widthOf(paper, 'gap closed 100 %', styles.caption)
      const names = namesWithin(paper, series, cellOf(box, rows, 0).width - NAME_INDENT - 3 - closedWidth)
      series.forEach((one, index) => {
        const cell = cellOf(box, rows, index)
        const metrics = seriesMetrics(file, one)
        const closed = seriesHasDiverged(one, file.bounds)
          ? DIVERGED
          : `gap closed ${formatPercent(metrics?.gapClosed)}`
        write(paper, metrics ? closed : '', cell.left + cell.width, cell.top + 9, { ...styles.caption, align: 'right' })
        writeName(paper, names[index] ?? '', colours[one.rank] ?? paperTheme.bound, cell.left, cell.top + 9)
        const plot = { ...cell, top: cell.top + NAME, height: cell.height - NAME }
        const showXAxis = index >= series.length - COLUMNS
        const boundLabels = index === Math.min(COLUMNS, series.length) - 1
        const row = { overlaid: false, rowAxis: true, titled: true }
        const options = { ...row, boundLabels, showXAxis, series: [one], endLabels: true }
        drawChart(paper, showXAxis ? plot : withoutAxis(plot), lossChart({ ...basis, ...options }))
      })
    }
  }
}

/** Each metric that was measured against the varied hyperparameter, and a note in the cell that is left or else below. */
export function factorBlock(file: RunFile): Block {
  const title = `Quality by ${hyperparameters[file.experiment.varied.key].label.toLowerCase()}`
  const metrics = factorMetrics.filter((metric) => factorValues(file, metric).some((value) => value !== null))
  const rows = Math.ceil(metrics.length / COLUMNS)
  const below = metrics.length % COLUMNS === 0 ? NOTE_BELOW : 0
  return {
    title,
    height: HEADING + rows * (NAME + 92) + (rows - 1) * ROW_GAP + below,
    growth: rows * 60,
    draw(paper, box) {
      writeHeading(paper, title, box)
      writeRangeKey(paper, file, box)
      const grid = { ...box, height: box.height - below }
      metrics.forEach((metric, index) => {
        const cell = cellOf(grid, rows, index)
        const heading = factorTitles[metric]
        const better = `${heading.better} is better`
        write(paper, heading.title, cell.left, cell.top + 9, styles.strong)
        write(paper, better, cell.left + cell.width, cell.top + 9, { ...styles.caption, align: 'right' })
        const plot = { ...cell, top: cell.top + NAME, height: cell.height - NAME }
        drawChart(paper, plot, factorChart({ metric, run: file, theme: paperTheme, titled: true }))
      })
      const { left, top } = below > 0 ? { ...box, top: box.top + grid.height + 8 } : cellOf(grid, rows, metrics.length)
      writeParagraph(paper, factorNote(file), { left, top, width: box.left + box.width - left }, styles.caption)
    }
  }
}

/** What stands beside the charts of quality. */
export function factorNote({ bounds, experiment }: RunFile): string {
  const { axis } = hyperparameters[experiment.varied.key]
  const loss = lossOf(experiment).toUpperCase()
  const isWidth = differInWidth(experiment)
  return [
    ...(axis === 'log' ? ['Equal steps across are equal ratios.'] : []),
    ...(experiment.seeds.length > 1
      ? ['Points are means over the seeds; the lines through them go from the least to the greatest.']
      : []),
    ...(bounds.perfectCopy > 0
      ? [
          `No ${loss} falls below ${formatLoss(bounds.perfectCopy)}, that of a perfect copy, since grey pixels cost some however well they are drawn.`
        ]
      : []),
    ...(isWidth && bounds.pcaMse
      ? ['PCA is the MSE that d principal components leave: models below its line do better, those above it worse.']
      : [])
  ].join(' ')
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
  return { ...plot, height: plot.height - AXIS * paperTheme.textSize }
}

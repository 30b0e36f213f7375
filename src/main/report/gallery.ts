// Digits as they went in and as the first model of each series drew them after the last complete epoch: lossless, enlarged by whole numbers.
import { shortText } from '@shared/plain-text'
import { className, imageWord } from '@shared/dataset'
import { createCanvas } from '@napi-rs/canvas'
import { seriesColours } from '@shared/charts/theme'
import { isOrdered } from '@shared/hyperparameters'
import type { Probes } from '@shared/contract'
import { storedMse } from '@shared/metrics'
import { digitBytes, PROBE_COUNT, type DatasetInfo, type RunFile } from '@shared/run'
import { seriesOf, type Series } from '@shared/series'
import type { Block } from './layout'
import {
  HEADING,
  paperTheme,
  shorten,
  styles,
  write,
  writeHeading,
  writeName,
  namesWithin,
  NAME_INDENT,
  type Box,
  type Paper
} from './paper'

/** Pixels of the image a side for each pixel of the digit: viewers blur small images, so none is small. */
const ENLARGEMENT = 8
const DIGITS = PROBE_COUNT / 2
const NAME_WIDTH = 62
const LARGEST = 36 // points a digit
const CAPTION = 9
const ROW_GAP = 5
const ROWS_HEIGHT = 322 // at most, so that two galleries fill a page
/** Rows from which digits become small and lose their errors, so that both galleries stay on one page. */
const MANY_ROWS = 8
const SERIES_A_BLOCK = 12

export interface GalleryInput {
  file: RunFile
  probes: Probes
  /** [models × 20 × pixels of an image] uint8, white on black as stored; empty before the first epoch, and where `missing` says why. */
  digits: Uint8Array
  /** Why there are no digits of trained models, as a sentence; empty where there are, or none could be. */
  missing: string
  /** The first of the ten probes shown: 0 for the first ten test digits, 10 for the first of each class. */
  firstProbe: number
  title: string
}

/** A row a series in blocks that fit on a page each, the originals on top of each. */
export function galleryBlocks(input: GalleryInput): Block[] {
  const { file, digits, title } = input
  const isTrained = digits.length === digitBytes(file)
  const series = isTrained ? seriesOf(file) : []
  const blocks = Math.max(1, Math.ceil(series.length / SERIES_A_BLOCK))
  return Array.from({ length: blocks }, (_, index) => {
    const part = series.slice(index * SERIES_A_BLOCK, (index + 1) * SERIES_A_BLOCK)
    return galleryBlock({ ...input, title: index === 0 ? title : `${title}, continued` }, part, series.length)
  })
}

function galleryBlock(input: GalleryInput, series: readonly Series[], count: number): Block {
  const rows = 1 + series.length
  const captioned = rows <= MANY_ROWS
  const side = captioned ? Math.min(LARGEST, ROWS_HEIGHT / rows - CAPTION - ROW_GAP) : ROWS_HEIGHT / rows - 3
  const rowHeight = side + (captioned ? CAPTION + ROW_GAP : 3)
  return {
    title: input.title,
    growth: 0,
    height: HEADING + rows * rowHeight + CAPTION + (input.missing ? 2 * CAPTION : 0),
    draw(paper, box) {
      const top = box.top + writeHeading(paper, input.title, box)
      const grid = { ...box, top }
      if (rows > 1) {
        const note = noteOn(input.file, captioned)
        write(paper, note, box.left + box.width, box.top + 18, { ...styles.caption, align: 'right' })
      }
      drawOriginals(paper, input, grid, side)
      if (input.missing) {
        const line = shorten(paper, input.missing, box.width, styles.caption)
        write(paper, line, box.left, top + CAPTION + rowHeight + CAPTION, styles.caption)
      }
      const colours = seriesColours(paperTheme, count, isOrdered(input.file.experiment.varied.key))
      const names = namesWithin(paper, series, NAME_WIDTH - NAME_INDENT - 3)
      series.forEach((one, index) => {
        const rowTop = top + CAPTION + (index + 1) * rowHeight
        writeName(paper, names[index] ?? '', colours[one.rank] ?? '', grid.left, rowTop + side / 2 + 3)
        drawSeries(paper, input, one, { ...grid, top: rowTop }, { side, captioned })
      })
    }
  }
}

/** Whose digits they are where each value has several models, and what the figures below them are. */
function noteOn({ dataset, experiment: { seeds } }: RunFile, captioned: boolean): string {
  const parts = [
    ...(seeds.length > 1 ? [`drawn by the models of seed ${seeds[0]} alone`] : []),
    ...(captioned ? [`below each ${imageWord(dataset)}: its mean squared error`] : [])
  ]
  return parts.join('; ')
}

function drawOriginals(paper: Paper, { file, probes, firstProbe }: GalleryInput, grid: Box, side: number): void {
  const digitAt = imagesOf(probes.pixels, file.dataset)
  write(paper, 'Original', grid.left, grid.top + CAPTION + side / 2 + 3, styles.strong)
  for (let column = 0; column < DIGITS; column++) {
    const probe = firstProbe + column
    const left = columnLeft(grid, column, side)
    const number = probes.labels[probe]
    const label = number === undefined ? '' : shortText(className(file.dataset, number), 12)
    write(paper, label, left + side / 2, grid.top + 6, { ...styles.caption, align: 'center' })
    drawDigit(paper, digitAt(probe), file.dataset, left, grid.top + CAPTION, side)
  }
}

function drawSeries(
  paper: Paper,
  { file, probes, digits, firstProbe }: GalleryInput,
  series: Series,
  row: Box,
  { side, captioned }: { side: number; captioned: boolean }
): void {
  const originalAt = imagesOf(probes.pixels, file.dataset)
  const drawnAt = imagesOf(digits, file.dataset)
  const [model = 0] = series.models
  for (let column = 0; column < DIGITS; column++) {
    const probe = firstProbe + column
    const left = columnLeft(row, column, side)
    const drawn = drawnAt(model * PROBE_COUNT + probe)
    drawDigit(paper, drawn, file.dataset, left, row.top, side)
    if (!captioned) continue
    const error = storedMse(originalAt(probe), drawn).toFixed(3)
    write(paper, error, left + side / 2, row.top + side + 7, { ...styles.caption, align: 'center' })
  }
}

function columnLeft({ left, width }: Box, column: number, side: number): number {
  const pitch = (width - NAME_WIDTH - side) / (DIGITS - 1)
  return left + NAME_WIDTH + column * pitch
}

type ImageSize = Pick<DatasetInfo, 'rows' | 'columns'>

/** Draws an image's bytes, white on black, as ink on white, into a square; one that is not square stands in its middle. */
function drawDigit(paper: Paper, pixels: Uint8Array, size: ImageSize, left: number, top: number, side: number): void {
  const [width, height] = [size.columns * ENLARGEMENT, size.rows * ENLARGEMENT]
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(width, height)
  const rows = new Uint32Array(image.data.buffer)
  for (let y = 0; y < size.rows; y++) {
    const first = y * ENLARGEMENT * width
    for (let x = 0; x < size.columns; x++) {
      const grey = 255 - (pixels[y * size.columns + x] ?? 0)
      rows.fill(0xff000000 + grey * 0x010101, first + x * ENLARGEMENT, first + (x + 1) * ENLARGEMENT)
    }
    for (let copy = 1; copy < ENLARGEMENT; copy++) rows.copyWithin(first + copy * width, first, first + width)
  }
  context.putImageData(image, 0, 0)
  paper.imageSmoothingEnabled = false
  const scale = side / Math.max(width, height)
  const [drawnWidth, drawnHeight] = [scale * width, scale * height]
  paper.drawImage(canvas, left + (side - drawnWidth) / 2, top + (side - drawnHeight) / 2, drawnWidth, drawnHeight)
}

function imagesOf(pixels: Uint8Array, { rows, columns }: ImageSize): (index: number) => Uint8Array {
  const size = rows * columns
  return (index) => pixels.subarray(index * size, (index + 1) * size)
}

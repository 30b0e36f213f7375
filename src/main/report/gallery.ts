// Digits as they went in and as each model drew them after the last complete epoch: lossless, enlarged by whole numbers.
import { createCanvas } from '@napi-rs/canvas'
import { seriesColours } from '@shared/charts/theme'
import type { Probes } from '@shared/contract'
import { PIXELS } from '@shared/experiment'
import { storedMse } from '@shared/metrics'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import type { Block } from './layout'
import { dot, HEADING, paperTheme, styles, write, writeHeading, type Box, type Paper } from './paper'

/** Pixels of the image a side for each pixel of the digit: viewers blur small images, so none is small. */
export const ENLARGEMENT = 8
const SIDE = 28
const DIGITS = PROBE_COUNT / 2
const NAME_WIDTH = 62
const LARGEST = 36 // points a digit
const CAPTION = 9
const ROW_GAP = 5
const ROWS_HEIGHT = 322 // at most, so that two galleries fill a page
/** Rows from which digits become small and lose their errors, so that both galleries stay on one page. */
const MANY_ROWS = 8

export interface GalleryInput {
  file: RunFile
  probes: Probes
  /** [models × 20 × 784] uint8, white on black as stored; empty before the first epoch. */
  digits: Uint8Array
  /** The first of the ten probes shown: 0 for the first ten test digits, 10 for the first of each class. */
  firstProbe: number
  title: string
}

export function galleryBlock(input: GalleryInput): Block {
  const rows = 1 + shownModels(input)
  const captioned = rows <= MANY_ROWS
  const side = captioned ? Math.min(LARGEST, ROWS_HEIGHT / rows - CAPTION - ROW_GAP) : ROWS_HEIGHT / rows - 3
  const rowHeight = side + (captioned ? CAPTION + ROW_GAP : 3)
  return {
    title: input.title,
    growth: 0,
    height: HEADING + rows * rowHeight + CAPTION,
    draw(paper, box) {
      const top = box.top + writeHeading(paper, input.title, box)
      const grid = { ...box, top }
      const label = 'below each digit: its mean squared error'
      if (captioned && rows > 1)
        write(paper, label, box.left + box.width, box.top + 18, { ...styles.caption, align: 'right' })
      drawOriginals(paper, input, grid, side)
      const colours = seriesColours(paperTheme, input.file.models.length)
      for (let model = 0; model < rows - 1; model++) {
        const rowTop = top + CAPTION + (model + 1) * rowHeight
        drawModel(paper, input, model, { ...grid, top: rowTop }, { side, captioned, colour: colours[model] ?? '' })
      }
    }
  }
}

function shownModels({ file, digits }: GalleryInput): number {
  return digits.length === file.models.length * PROBE_COUNT * PIXELS ? file.models.length : 0
}

function drawOriginals(paper: Paper, { probes, firstProbe }: GalleryInput, grid: Box, side: number): void {
  write(paper, 'Original', grid.left, grid.top + CAPTION + side / 2 + 3, styles.strong)
  for (let column = 0; column < DIGITS; column++) {
    const probe = firstProbe + column
    const left = columnLeft(grid, column, side)
    const label = String(probes.labels[probe] ?? '')
    write(paper, label, left + side / 2, grid.top + 6, { ...styles.caption, align: 'center' })
    drawDigit(paper, digitAt(probes.pixels, probe), left, grid.top + CAPTION, side)
  }
}

function drawModel(
  paper: Paper,
  { file, probes, digits, firstProbe }: GalleryInput,
  model: number,
  row: Box,
  { side, captioned, colour }: { side: number; captioned: boolean; colour: string }
): void {
  const middle = row.top + side / 2
  dot(paper, row.left + 3, middle, 2.6, colour)
  write(paper, `d = ${file.models[model]?.latentDim ?? ''}`, row.left + 9, middle + 3, styles.strong)
  for (let column = 0; column < DIGITS; column++) {
    const probe = firstProbe + column
    const left = columnLeft(row, column, side)
    const drawn = digitAt(digits, model * PROBE_COUNT + probe)
    drawDigit(paper, drawn, left, row.top, side)
    if (!captioned) continue
    const error = storedMse(digitAt(probes.pixels, probe), drawn).toFixed(3)
    write(paper, error, left + side / 2, row.top + side + 7, { ...styles.caption, align: 'center' })
  }
}

function columnLeft({ left, width }: Box, column: number, side: number): number {
  const pitch = (width - NAME_WIDTH - side) / (DIGITS - 1)
  return left + NAME_WIDTH + column * pitch
}

/** Draws 784 bytes, white on black, as ink on white. */
function drawDigit(paper: Paper, pixels: Uint8Array, left: number, top: number, side: number): void {
  const enlarged = SIDE * ENLARGEMENT
  const canvas = createCanvas(enlarged, enlarged)
  const context = canvas.getContext('2d')
  const image = context.createImageData(enlarged, enlarged)
  const rows = new Uint32Array(image.data.buffer)
  for (let y = 0; y < SIDE; y++) {
    const first = y * ENLARGEMENT * enlarged
    for (let x = 0; x < SIDE; x++) {
      const grey = 255 - (pixels[y * SIDE + x] ?? 0)
      rows.fill(0xff000000 + grey * 0x010101, first + x * ENLARGEMENT, first + (x + 1) * ENLARGEMENT)
    }
    for (let copy = 1; copy < ENLARGEMENT; copy++) rows.copyWithin(first + copy * enlarged, first, first + enlarged)
  }
  context.putImageData(image, 0, 0)
  paper.imageSmoothingEnabled = false
  paper.drawImage(canvas, left, top, side, side)
}

function digitAt(pixels: Uint8Array, index: number): Uint8Array {
  return pixels.subarray(index * PIXELS, (index + 1) * PIXELS)
}

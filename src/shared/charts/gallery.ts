// A gallery as a picture of its own: test images as they went in and as each model drew them, ink on white as in the report. The one layout
// for SVG and for the frames of an animation; painters write it where they can.
import type { MeasureText } from './svg-context'
import { lightTheme, type ChartTheme } from './theme'

export interface Gallery {
  /** First line, on the left. */
  title: string
  /** First line, on the right: `epoch 12 of 50`; empty: nothing. */
  aside: string
  /** What one has to know of the images, below them; empty: nothing. */
  note: string
  /** Of an image, in its own pixels. */
  imageWidth: number
  imageHeight: number
  /** The class of each column's image. */
  labels: readonly string[]
  /** The originals first. */
  rows: readonly GalleryRow[]
}

export interface GalleryRow {
  name: string
  /** Of the series, in a bar before the name: small text in it would be hard to read; null: none. */
  colour: string | null
  /** uint8 [imageHeight × imageWidth] each, 255 being ink; null: not there. */
  images: readonly Uint8Array[] | null
  /** Mean squared error of each image, pixels from 0 to 1; none of the originals. */
  errors: readonly number[]
}

/** What a gallery is drawn to, in canvas units. */
export interface GallerySize {
  width: number
  /** Images become smaller to fit in; null: as high as it gets. */
  height: number | null
  textSize: number
  measure: MeasureText
  /** Room for something else, right of the images and below them; none where it is left out. */
  free?: { right: number; below: number }
}

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface TextStyle {
  size: number
  weight: 400 | 500 | 600
  colour: string
  align: 'left' | 'center' | 'right'
}

/** Where a gallery is drawn: SVG, or a canvas. */
export interface GalleryPainter {
  /** `y` is the baseline. */
  text(text: string, x: number, y: number, style: TextStyle): void
  /** A filled rectangle. */
  bar(colour: string, box: Box): void
  /** Ink on white, each pixel a sharp square where the box is larger than the image. */
  image(pixels: Uint8Array, box: Box): void
}

/** More rows have small images without errors below them, as in the report. */
const MANY_ROWS = 11
/** A side of an image at most, in text sizes. */
const LARGEST = 5.8
const SMALL = 3.5
/** From a row's left edge to its name, in text sizes; the bar takes a third of it. */
const BAR = 0.75
/** Of the width that names may take. */
const NAME_SHARE = 0.24
const THEME: Pick<ChartTheme, 'text' | 'text2' | 'text3' | 'font'> = lightTheme

export const fontOf = (weight: number, size: number) => `${weight} ${size}px ${THEME.font}`

export type GalleryLayout = ReturnType<typeof galleryLayout>

/** Where everything stands: the picture is `height` high, images and note end at `right` and `bottom`. */
export function galleryLayout(gallery: Gallery, size: GallerySize) {
  const { textSize, measure, width, free = { right: 0, below: 0 } } = size
  const margin = 0.9 * textSize
  const inner = width - 2 * margin - free.right
  const gap = 0.4 * textSize
  const columns = Math.max(1, gallery.labels.length)
  const rows = Math.max(1, gallery.rows.length)
  const nameWidth = Math.min(
    NAME_SHARE * inner,
    Math.max(0, ...gallery.rows.map(({ name }) => measure(name, fontOf(600, textSize)))) + (BAR + 0.8) * textSize
  )
  const head = 3.5 * textSize
  const foot = gallery.note === '' ? 0 : 1.6 * textSize
  const errorHeight = errorsFit() ? 1.05 * textSize : 0
  const ratio = gallery.imageHeight / gallery.imageWidth
  const side = imageSide()
  const rowStep = side * ratio + errorHeight + gap
  const blockWidth = nameWidth + columns * (side + gap) - gap
  const left = margin + Math.max(0, size.height === null ? 0 : (inner - blockWidth) / 2)
  const bottom = margin + head + rows * rowStep - gap
  const height = size.height ?? bottom + foot + free.below + margin
  return {
    ...{ width, height, margin, textSize, left, nameWidth, side, errorHeight, rowStep },
    bottom: bottom + foot,
    imageHeight: side * ratio,
    top: margin + head,
    right: left + blockWidth,
    columnStep: side + gap
  }

  /** An image's width: what the picture's width leaves, its height, and what still looks well. */
  function imageSide(): number {
    const across = (inner - nameWidth) / columns - gap
    const most = (rows > MANY_ROWS ? SMALL : LARGEST) * textSize
    if (size.height === null) return Math.max(1, Math.min(across, most))
    const down = (size.height - 2 * margin - head - foot - free.below + gap) / rows - gap - errorHeight
    return Math.max(1, Math.min(across, down / ratio))
  }

  function errorsFit(): boolean {
    const hasErrors = gallery.rows.some(({ errors }) => errors.length > 0)
    const across = (inner - nameWidth) / columns - gap
    return hasErrors && rows <= MANY_ROWS && measure('0.000', fontOf(400, 0.85 * textSize)) <= across
  }
}

/** Draws the gallery where the layout puts it. */
export function drawGallery(
  gallery: Gallery,
  layout: GalleryLayout,
  measure: MeasureText,
  painter: GalleryPainter
): void {
  const { textSize, margin, width, left, nameWidth, side, columnStep, rowStep, top, errorHeight } = layout
  const asideWidth = gallery.aside === '' ? 0 : measure(gallery.aside, fontOf(500, 1.15 * textSize)) + textSize
  const write = (text: string, x: number, y: number, room: number, style: TextStyle) =>
    painter.text(cutToWidth(text, room, fontOf(style.weight, style.size), measure), x, y, style)
  const words = (size: number, weight: TextStyle['weight'], align: TextStyle['align'], colour = THEME.text) => ({
    ...{ size, weight, align, colour }
  })

  const firstLine = margin + textSize
  write(gallery.title, margin, firstLine, width - 2 * margin - asideWidth, words(1.15 * textSize, 600, 'left'))
  write(gallery.aside, width - margin, firstLine, asideWidth, words(1.15 * textSize, 500, 'right'))
  const columnAt = (column: number) => left + nameWidth + column * columnStep
  gallery.labels.forEach((label, column) => {
    const x = columnAt(column) + side / 2
    write(label, x, top - 0.5 * textSize, columnStep, words(0.9 * textSize, 400, 'center', THEME.text2))
  })
  const nameSize = Math.min(textSize, 0.9 * rowStep)
  gallery.rows.forEach((row, index) => {
    const y = top + index * rowStep
    const middle = y + layout.imageHeight / 2 + 0.36 * nameSize
    const mark = BAR * textSize
    const barHeight = Math.min(layout.imageHeight, 1.3 * textSize)
    const bar = { x: left, y: y + (layout.imageHeight - barHeight) / 2, width: mark / 3, height: barHeight }
    if (row.colour !== null) painter.bar(row.colour, bar)
    write(row.name, left + mark, middle, nameWidth - mark - 0.5 * textSize, words(nameSize, 600, 'left'))
    row.images?.forEach((pixels, column) => {
      painter.image(pixels, { x: columnAt(column), y, width: side, height: layout.imageHeight })
      const error = row.errors[column]
      if (errorHeight === 0 || error === undefined) return
      const below = y + layout.imageHeight + 0.9 * textSize
      write(
        error.toFixed(3),
        columnAt(column) + side / 2,
        below,
        side,
        words(0.85 * textSize, 400, 'center', THEME.text2)
      )
    })
  })
  write(
    gallery.note,
    margin,
    layout.bottom - 0.2 * textSize,
    width - 2 * margin,
    words(0.9 * textSize, 400, 'left', THEME.text3)
  )
}

/** A text that is no wider than `room`, with an ellipsis where something is left out. */
export function cutToWidth(text: string, room: number, font: string, measure: MeasureText): string {
  if (measure(text, font) <= room) return text
  const letters = [...text]
  while (letters.length > 0 && measure(`${letters.join('').trimEnd()}…`, font) > room) letters.pop()
  return letters.length === 0 ? '' : `${letters.join('').trimEnd()}…`
}

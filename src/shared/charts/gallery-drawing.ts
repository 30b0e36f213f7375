// Draws a gallery by its layout, on whatever can write text and show pixels.
import { cutToWidth } from './cut-to-width'
import { ERROR_SIZE, fontOf, NAME_INDENT, type Box, type Gallery, type GalleryLayout, type GalleryRow } from './gallery'
import type { MeasureText } from './svg-context'
import { lightTheme } from './theme'

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

/** Fewer letters of a class's name say nothing. */
const LEAST_OF_LABEL = 3

/** Draws the gallery where the layout puts it. */
export function drawGallery(
  gallery: Gallery,
  layout: GalleryLayout,
  measure: MeasureText,
  painter: GalleryPainter
): void {
  const { textSize, margin, width, left, nameWidth, side, columnStep, rowStep, top, errorHeight } = layout
  const centres = gallery.labels.map((_, column) => left + nameWidth + column * columnStep + side / 2)

  const widthIn = (style: TextStyle) => (text: string) => measure(text, fontOf(style.weight, style.size))

  /** As much of a text as has room. */
  function write(text: string, x: number, y: number, room: number, style: TextStyle): void {
    painter.text(cutToWidth(text, room, widthIn(style)), x, y, style)
  }

  function drawTitle(): void {
    const [y, size] = [margin + textSize, 1.15 * textSize]
    const asideWidth = gallery.aside === '' ? 0 : measure(gallery.aside, fontOf(500, size)) + textSize
    const style = { size, colour: lightTheme.text }
    write(gallery.title, margin, y, width - 2 * margin - asideWidth, { ...style, weight: 600, align: 'left' })
    write(gallery.aside, width - margin, y, asideWidth, { ...style, weight: 500, align: 'right' })
  }

  function drawLabels(): void {
    const style: TextStyle = { size: 0.9 * textSize, weight: 400, colour: lightTheme.text2, align: 'center' }
    const room = columnStep - 0.2 * textSize
    gallery.labels.forEach((label, column) => {
      const word = cutToWidth(label, room, widthIn(style))
      const says = word === label || word.length > LEAST_OF_LABEL
      if (says) painter.text(word, centres[column] ?? 0, top - 0.5 * textSize, style)
    })
  }

  function drawName({ name, colour }: GalleryRow, y: number): void {
    const size = Math.min(textSize, 0.9 * rowStep)
    const indent = NAME_INDENT * textSize
    const middle = y + layout.imageHeight / 2
    const height = Math.min(layout.imageHeight, 1.3 * textSize)
    if (colour !== null) painter.bar(colour, { x: left, y: middle - height / 2, width: indent / 3, height })
    const style: TextStyle = { size, weight: 600, colour: lightTheme.text, align: 'left' }
    write(name, left + indent, middle + 0.36 * size, nameWidth - indent - 0.5 * textSize, style)
  }

  function drawImages({ images, errors }: GalleryRow, y: number): void {
    const style: TextStyle = { size: ERROR_SIZE * textSize, weight: 400, colour: lightTheme.text2, align: 'center' }
    images?.forEach((pixels, column) => {
      const centre = centres[column] ?? 0
      painter.image(pixels, { x: centre - side / 2, y, width: side, height: layout.imageHeight })
      const error = errorHeight > 0 ? errors[column] : undefined
      if (error !== undefined) painter.text(error.toFixed(3), centre, y + layout.imageHeight + 0.9 * textSize, style)
    })
  }

  drawTitle()
  drawLabels()
  gallery.rows.forEach((row, index) => {
    const y = top + index * rowStep - (index > 0 ? errorHeight : 0)
    drawName(row, y)
    drawImages(row, y)
  })
  const style: TextStyle = { size: 0.9 * textSize, weight: 400, colour: lightTheme.text3, align: 'left' }
  write(layout.note, margin, layout.bottom - 0.2 * textSize, width - 2 * margin, style)
}

// A gallery as a picture of its own: test images as they went in and as each model drew them, ink on white as in the report. The one layout
// for SVG and for the frames of an animation; gallery-drawing.ts draws by it.
import type { MeasureText } from './svg-context'
import { lightTheme } from './theme'

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

/** More rows have small images without errors below them, as in the report. */
const MANY_ROWS = 11
/** A side of an image at most, in text sizes. */
const LARGEST = 5.8
const SMALL = 3.5
/** Of the width that names may take. */
const NAME_SHARE = 0.24
/** From a row's left edge to its name, in text sizes. */
export const NAME_INDENT = 0.75
export const ERROR_SIZE = 0.85
const ERRORS_NOTE = 'Below each image: its mean squared error.'

export const fontOf = (weight: number, size: number) => `${weight} ${size}px ${lightTheme.font}`

export type GalleryLayout = ReturnType<typeof galleryLayout>

/** Where everything stands: the picture is `height` high, images and note end at `bottom`. */
export function galleryLayout(gallery: Gallery, size: GallerySize) {
  const { textSize, measure, width, free = { right: 0, below: 0 } } = size
  const margin = 0.9 * textSize
  const inner = width - 2 * margin - free.right
  const gap = 0.4 * textSize
  const top = margin + 3.5 * textSize
  const columns = Math.max(1, gallery.labels.length)
  const rows = Math.max(1, gallery.rows.length)
  const ratio = gallery.imageHeight / gallery.imageWidth
  const longestName = Math.max(0, ...gallery.rows.map(({ name }) => measure(name, fontOf(600, textSize))))
  const nameWidth = Math.min(NAME_SHARE * inner, longestName + (NAME_INDENT + 0.8) * textSize)

  /** With or without errors below the images. */
  function placed(hasErrors: boolean) {
    const note = [gallery.note, hasErrors ? ERRORS_NOTE : ''].filter(Boolean).join(' ')
    const foot = note === '' ? 0 : 1.6 * textSize
    const errorHeight = hasErrors ? 1.05 * textSize : 0
    const side = sideOf(errorHeight, foot)
    const rowStep = side * ratio + errorHeight + gap
    const bottom = top + rows * rowStep - gap - errorHeight + foot // the originals have no errors
    return { note, errorHeight, side, rowStep, bottom }
  }

  /** An image's width: what the picture's width leaves, its height, and what still looks well. */
  function sideOf(errorHeight: number, foot: number): number {
    const across = (inner - nameWidth) / columns - gap
    const most = (rows > MANY_ROWS ? SMALL : LARGEST) * textSize
    if (size.height === null) return Math.max(1, Math.min(across, most))
    const down = (size.height - top - margin - foot - free.below + gap + errorHeight) / rows - gap - errorHeight
    return Math.max(1, Math.min(across, down / ratio))
  }

  const mayHaveErrors = rows <= MANY_ROWS && gallery.rows.some(({ errors }) => errors.length > 0)
  const withErrors = placed(mayHaveErrors)
  const errorsFit = measure('0.000', fontOf(400, ERROR_SIZE * textSize)) <= withErrors.side + gap / 2
  const chosen = errorsFit ? withErrors : placed(false)
  const blockWidth = nameWidth + columns * (chosen.side + gap) - gap
  return {
    ...chosen,
    ...{ width, margin, textSize, top, nameWidth },
    height: size.height ?? chosen.bottom + free.below + margin,
    left: margin + Math.max(0, (inner - blockWidth) / 2),
    imageHeight: chosen.side * ratio,
    columnStep: chosen.side + gap
  }
}

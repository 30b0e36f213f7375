// A gallery as an SVG file and as a table.
import { encode } from 'fast-png'
import { csvText } from '../csv'
import { drawGallery } from './gallery-drawing'
import { fontOf, galleryLayout, type Gallery, type GallerySize } from './gallery'
import { svgContext } from './svg-context'

/** In browsers and in Node alike. */
declare const btoa: (bytes: string) => string

/** The text of an SVG file with the gallery on white. It refers to nothing outside itself: images are data URIs. */
export function gallerySvg(gallery: Gallery, size: GallerySize): string {
  const layout = galleryLayout(gallery, size)
  const context = svgContext(round(layout.width), round(layout.height), size.measure)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, layout.width, layout.height)
  drawGallery(gallery, layout, size.measure, {
    text(text, x, y, style) {
      if (text === '') return
      context.font = fontOf(style.weight, round(style.size))
      context.fillStyle = style.colour
      context.textAlign = style.align
      context.fillText(text, x, y)
    },
    bar(colour, box) {
      context.fillStyle = colour
      context.fillRect(box.x, box.y, box.width, box.height)
    },
    image: (pixels, box) => context.drawPicture(pngOf(pixels, gallery), box, box.width > gallery.imageWidth)
  })
  return context.toSvg(gallery.title)
}

/** Mean squared errors, one line a series, one column an image. */
export function galleryCsv(gallery: Gallery, names: readonly string[], firstColumn: string): string {
  const rows = gallery.rows.filter(({ errors }) => errors.length > 0)
  return csvText(
    [firstColumn, ...names.map((name) => `MSE of ${name}`)],
    rows.map(({ name, errors }) => [name, ...errors])
  )
}

/** Address of a picture of uint8 pixels, 255 being ink: grey on white, pixel for pixel. */
function pngOf(pixels: Uint8Array, { imageWidth, imageHeight }: Gallery): string {
  const data = pixels.map((ink) => 255 - ink)
  const png = encode({ width: imageWidth, height: imageHeight, data, depth: 8, channels: 1 })
  return `data:image/png;base64,${btoa(String.fromCharCode(...png))}`
}

const round = (value: number) => Number(value.toFixed(2))

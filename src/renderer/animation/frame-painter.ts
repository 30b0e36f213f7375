// Draws the frames of an animation: the gallery after an epoch, and the losses up to it.
import { BasicPlatform, Chart } from 'chart.js'
import { fontOf, galleryLayout, type Box } from '@shared/charts/gallery'
import { drawGallery, type GalleryPainter } from '@shared/charts/gallery-drawing'
import { lossChart, type LossSeries } from '@shared/charts/loss'
import { highestLoss } from '@shared/charts/loss-scale'
import { chartParts } from '@shared/charts/parts'
import { lightTheme } from '@shared/charts/theme'
import { namedBounds } from '@shared/dataset'
import { epochsOf, lossOf } from '@shared/experiment'
import { isOrdered } from '@shared/hyperparameters'
import type { LossCurve, Series } from '@shared/series'
import { textWidth } from '../figures/chart-source'
import { epochOfAll, runGallery, type ShownRun } from '../run-gallery'

/** A frame's width in the units in which it is laid out: text is as legible in each size. */
const UNITS = 640
const TEXT = 12
/** More rows stand beside the chart, not above it. */
const MOST_ROWS_ABOVE = 12
const CHART_HEIGHT = 184
/** Of images and chart beside each other. */
const HEIGHT_BESIDE = 640
const CHART_WIDTH = 280
/** An image is drawn in whole pixels a pixel where it loses no more of its size by that. */
const LEAST_OF_SIZE = 0.8

export interface FramePainter {
  /** Pixels of a frame, both even, as videos want them. */
  width: number
  height: number
  /** Draws the frame after an epoch over all of the canvas, which has that size. */
  draw(context: CanvasRenderingContext2D, epoch: number, digits: Uint8Array | null): void
}

/** Frames so many pixels wide of a run whose last epoch is `last`. The fonts are loaded: `loadFonts`. */
export function createFramePainter(run: ShownRun, last: number, width: number): FramePainter {
  const scale = width / UNITS
  const image = contextOf(run.file.dataset.columns, run.file.dataset.rows)
  const galleryAt = (epoch: number, digits: Uint8Array | null) => {
    const gallery = runGallery(run, digits, { title: run.file.experiment.name, aside: epochOfAll(epoch, last) })
    return { ...gallery, rows: gallery.rows.map((row) => ({ ...row, errors: [] })) }
  }
  const isBeside = run.shown.length + 1 > MOST_ROWS_ABOVE
  const layout = galleryLayout(galleryAt(last, null), {
    width: UNITS,
    height: isBeside ? HEIGHT_BESIDE : null,
    textSize: TEXT,
    measure: textWidth,
    free: isBeside ? { right: CHART_WIDTH, below: 0 } : { right: 0, below: CHART_HEIGHT }
  })
  const height = 2 * Math.round((scale * layout.height) / 2)
  const chart: Box = isBeside
    ? {
        ...{ x: UNITS - layout.margin - CHART_WIDTH + TEXT, y: layout.top - 2 * TEXT },
        ...{ width: CHART_WIDTH - TEXT, height: HEIGHT_BESIDE - layout.top - layout.margin + 2 * TEXT }
      }
    : { x: layout.margin, y: layout.bottom + TEXT, width: UNITS - 2 * layout.margin, height: CHART_HEIGHT - TEXT }

  function draw(context: CanvasRenderingContext2D, epoch: number, digits: Uint8Array | null): void {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = lightTheme.surface
    context.fillRect(0, 0, width, height)
    context.scale(scale, scale)
    drawGallery(galleryAt(epoch, digits), layout, textWidth, painterOn(context, image, scale))
    drawLosses(context, run, epoch, last, chart, scale)
  }
  return { width, height, draw }
}

/** Loads the typeface of frames; without it the first frames would be in another. */
export async function loadFonts(): Promise<void> {
  await Promise.all(([400, 500, 600] as const).map((weight) => document.fonts.load(fontOf(weight, TEXT))))
}

/** A canvas that is on no page. */
export function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', {
    willReadFrequently: true
  })
  if (!context) throw new Error('no 2D canvas')
  return context
}

function painterOn(context: CanvasRenderingContext2D, image: CanvasRenderingContext2D, scale: number): GalleryPainter {
  return {
    text(text, x, y, { weight, size, colour, align }) {
      context.font = fontOf(weight, size)
      context.fillStyle = colour
      context.textAlign = align
      context.textBaseline = 'alphabetic'
      context.fillText(text, x, y)
    },
    bar(colour, { x, y, width, height }) {
      context.fillStyle = colour
      context.fillRect(x, y, width, height)
    },
    image(pixels, box) {
      const { width, height } = image.canvas
      const rgba = new Uint8ClampedArray(4 * pixels.length).fill(255)
      pixels.forEach((ink, pixel) => rgba.fill(255 - ink, 4 * pixel, 4 * pixel + 3))
      image.putImageData(new ImageData(rgba, width), 0, 0)
      const at = onPixels(box, width, height, scale)
      context.save()
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.imageSmoothingEnabled = at.width < width
      context.imageSmoothingQuality = 'high'
      context.drawImage(image.canvas, at.x, at.y, at.width, at.height)
      context.restore()
    }
  }
}

/** The box in whole pixels of the frame: a multiple of the image's own where that is not much smaller. */
export function onPixels(box: Box, imageWidth: number, imageHeight: number, scale: number): Box {
  const [across, down] = [scale * box.width, scale * box.height]
  const times = Math.floor(across / imageWidth)
  const isWhole = times * imageWidth >= LEAST_OF_SIZE * across
  const width = isWhole ? times * imageWidth : Math.max(1, Math.round(across))
  const height = isWhole ? times * imageHeight : Math.max(1, Math.round(down))
  return {
    x: Math.round(scale * box.x + (across - width) / 2),
    y: Math.round(scale * box.y + (down - height) / 2),
    width,
    height
  }
}

/** The chart of all series up to an epoch, on the axes of the last one; nothing where the bounds are not known. */
function drawLosses(
  context: CanvasRenderingContext2D,
  { file, series }: ShownRun,
  epoch: number,
  last: number,
  { x, y, width, height }: Box,
  scale: number
): void {
  const bounds = namedBounds(file)
  if (!(bounds.meanDigit > bounds.perfectCopy)) return
  Chart.register(...chartParts)
  const { canvas } = contextOf(width, height)
  const theme = { ...lightTheme, textSize: TEXT }
  const configuration = lossChart({
    series: series.map((one) => upTo(one, epoch)),
    seriesCount: series.length,
    ordered: isOrdered(file.experiment.varied.key),
    bounds,
    highest: highestLoss(series, epochsOf(file.experiment), bounds),
    epochs: Math.max(1, last),
    scale: 'linear',
    theme,
    overlaid: true,
    cursor: null,
    endLabels: series.length * 1.3 * TEXT < height,
    boundLabels: true,
    showXAxis: true,
    titled: true,
    lossName: lossOf(file.experiment).toUpperCase()
  })
  const options = { ...configuration.options, responsive: false, devicePixelRatio: scale }
  const chart = new Chart(canvas, { ...configuration, options, platform: BasicPlatform })
  context.drawImage(canvas, x, y, width, height)
  chart.destroy() // which wipes its canvas
}

function upTo(one: Series, epoch: number): LossSeries {
  const cut = (curve: LossCurve) => curve.slice(0, epoch)
  const band = one.band && { low: cut(one.band.low), high: cut(one.band.high) }
  return { ...one, val: cut(one.val), train: one.train && cut(one.train), band }
}

// A picture that was pasted or dropped, as ink: decoded by the page's own sandbox, made small, grey, and dark on light turned round.
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { FINENESS, type Ink, type Size } from './strokes'

const MOST_BYTES = 20 * 1024 * 1024

/** Throws LabError `bad-value` for what is no picture, or too large a one. */
export async function inkOfPicture(file: Blob, size: Size): Promise<Ink> {
  if (file.size > MOST_BYTES) {
    throw new LabError('bad-value', 'The picture is too large', {
      found: formatBytes(file.size),
      expected: `at most ${formatBytes(MOST_BYTES)}`
    })
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new LabError('bad-value', 'The picture can’t be read', {
      found: file.type || 'a file of unknown type',
      expected: 'a PNG, JPEG, WebP or GIF'
    })
  })
  const fine = { width: size.width * FINENESS, height: size.height * FINENESS }
  const canvas = new OffscreenCanvas(fine.width, fine.height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  const scale = Math.min(fine.width / bitmap.width, fine.height / bitmap.height)
  const [width, height] = [bitmap.width * scale, bitmap.height * scale]
  const [left, top] = [Math.round((fine.width - width) / 2), Math.round((fine.height - height) / 2)]
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, left, top, width, height)
  bitmap.close()
  return inkOfPixels(context.getImageData(0, 0, fine.width, fine.height).data, fine)
}

/**
 * Ink of RGBA pixels: luma of ITU-R BT.601 over the transparent, turned round where the edge of what is opaque is light. What is
 * below a tenth of the range counts as background.
 */
export function inkOfPixels(rgba: Uint8ClampedArray, size: Size): Ink {
  const light = new Float32Array(size.width * size.height).map((_, pixel) => {
    const [r, g, b] = rgba.subarray(4 * pixel, 4 * pixel + 3) as unknown as [number, number, number]
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255
  })
  const opacity = (pixel: number) => (rgba[4 * pixel + 3] as number) / 255
  const isDarkOnLight = backgroundOf(light, opacity, size) > 0.5
  const values = light.map((value, pixel) => (isDarkOnLight ? 1 - value : value) * opacity(pixel))
  return { ...size, values: stretched(values) }
}

/** The middle value of what is opaque at the edge of what is opaque at all; light where most is transparent, as ink on a sheet. */
function backgroundOf(light: Float32Array, opacity: (pixel: number) => number, { width, height }: Size): number {
  const isOpaque = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && opacity(y * width + x) > 0.5
  const edge: number[] = []
  let opaque = 0
  light.forEach((value, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    if (!isOpaque(x, y)) return
    opaque++
    if (![isOpaque(x - 1, y), isOpaque(x + 1, y), isOpaque(x, y - 1), isOpaque(x, y + 1)].every(Boolean))
      edge.push(value)
  })
  // strokes alone on nothing: their own colour is the ink
  if (opaque < light.length / 4) return (edge.sort((a, b) => a - b)[edge.length >> 1] ?? 0) > 0.5 ? 0 : 1
  return edge.sort((a, b) => a - b)[edge.length >> 1] ?? 0
}

function stretched(values: Float32Array): Float32Array {
  const most = values.reduce((max, value) => Math.max(max, value), 0)
  const least = 0.1
  return most <= least ? values.fill(0) : values.map((value) => Math.max(0, (value / most - least) / (1 - least)))
}

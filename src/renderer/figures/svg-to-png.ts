// An SVG file as a PNG file of any resolution, drawn by the browser. A picture knows no fonts of the page: those it uses go into it first.
import { LabError } from '@shared/errors'
import { formatCount } from '@shared/format'
import { MOST_PIXELS, MOST_SIDE } from '@shared/figure-options'
import { withResolution } from '@shared/png'
import regular from '../../../resources/fonts/Inter-Regular.ttf?url'
import medium from '../../../resources/fonts/Inter-Medium.ttf?url'
import semiBold from '../../../resources/fonts/Inter-SemiBold.ttf?url'

const fonts = { 400: regular, 500: medium, 600: semiBold } as const

/** `size`: of the picture in pixels. Throws LabError `bad-value` where it is too large, `internal` where the browser can't draw it. */
export async function pngOf(
  svg: string,
  size: { width: number; height: number },
  pixelsPerInch: number
): Promise<Uint8Array> {
  checkSize(size)
  const address = URL.createObjectURL(new Blob([await withFonts(svg)], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    Object.assign(canvas, size)
    const context = canvas.getContext('2d')
    if (!context) throw cannotDraw()
    context.drawImage(image, 0, 0, size.width, size.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw cannotDraw()
    return withResolution(new Uint8Array(await blob.arrayBuffer()), pixelsPerInch)
  } catch (error) {
    throw error instanceof LabError ? error : cannotDraw()
  } finally {
    URL.revokeObjectURL(address)
  }
}

export function checkSize({ width, height }: { width: number; height: number }): void {
  if (Math.max(width, height) <= MOST_SIDE && width * height <= MOST_PIXELS) return
  throw new LabError('bad-value', 'The picture has too many pixels', {
    found: `${formatCount(width)} × ${formatCount(height)}`,
    expected: `at most ${formatCount(MOST_SIDE)} a side and ${formatCount(MOST_PIXELS / 1e6)} million in all`,
    remedy: 'Choose a lower resolution, or SVG or PDF, which have none'
  })
}

const cannotDraw = () => new LabError('internal', 'The browser could not draw the picture')

/** The SVG with the weights of Inter that it uses, for where it is shown as a picture. */
export async function withFonts(svg: string): Promise<string> {
  const used = Object.entries(fonts).filter(([weight]) => weight === '400' || svg.includes(`font:${weight} `))
  const faces = await Promise.all(used.map(async ([weight, address]) => face(weight, await dataUri(address))))
  return svg.replace(/<svg\b[^>]*>/, (root) => `${root}<style>${faces.join('')}</style>`)
}

const face = (weight: string, uri: string) => `@font-face{font-family:Inter;font-weight:${weight};src:url(${uri})}`

const known = new Map<string, Promise<string>>()
function dataUri(address: string): Promise<string> {
  const before = known.get(address)
  if (before) return before
  const read = fetch(address)
    .then((response) => response.blob())
    .then(
      (blob) =>
        new Promise<string>((resolve, reject) => {
          const reader = new FileReader()
          reader.onload = () => resolve(String(reader.result))
          reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
          reader.readAsDataURL(blob)
        })
    )
  known.set(address, read)
  read.catch(() => known.delete(address))
  return read
}

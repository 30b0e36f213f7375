// What is read and written of PNG files besides their pixels: their size, and how many of their pixels an inch has.
// PNG (third edition), https://www.w3.org/TR/png-3/, 5 and 11.3.4.3.
import { crc32 } from './crc32'
import { MOST_PIXELS, MOST_SIDE } from './figure-options'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Where IHDR, which is 13 bytes long, ends: signature, length, type, content, checksum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4
const METRES_IN_AN_INCH = 0.0254

/** The size of a PNG file in pixels; null where it does not begin as one. */
export function pngSize(png: Uint8Array): { width: number; height: number } | null {
  if (png.length < AFTER_HEADER || SIGNATURE.some((byte, index) => png[index] !== byte)) return null
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  if (view.getUint32(8) !== 13 || String.fromCharCode(...png.subarray(12, 16)) !== 'IHDR') return null
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Whether it begins as a PNG file of a size that a figure can have: what decodes it may reckon with that. */
export function isPngOfUsualSize(png: Uint8Array): boolean {
  const { width, height } = pngSize(png) ?? { width: 0, height: 0 }
  const isSide = (side: number) => side > 0 && side <= MOST_SIDE
  return isSide(width) && isSide(height) && width * height <= MOST_PIXELS
}

/** The same file with pHYs, its resolution in pixels for an inch, behind its header; it must not have one yet. Throws RangeError for what is no PNG. */
export function withResolution(png: Uint8Array, pixelsPerInch: number): Uint8Array {
  if (!pngSize(png)) throw new RangeError('not a PNG file')
  const content = new Uint8Array(4 + 9) // type and content, which the checksum is of
  const view = new DataView(content.buffer)
  const perMetre = Math.round(pixelsPerInch / METRES_IN_AN_INCH)
  content.set([...'pHYs'].map((letter) => letter.charCodeAt(0)))
  view.setUint32(4, perMetre)
  view.setUint32(8, perMetre)
  view.setUint8(12, 1) // the unit is the metre
  const out = new Uint8Array(png.length + 4 + content.length + 4)
  const chunk = new DataView(out.buffer, AFTER_HEADER)
  out.set(png.subarray(0, AFTER_HEADER))
  chunk.setUint32(0, 9)
  out.set(content, AFTER_HEADER + 4)
  chunk.setUint32(4 + content.length, crc32(content))
  out.set(png.subarray(AFTER_HEADER), AFTER_HEADER + 4 + content.length + 4)
  return out
}

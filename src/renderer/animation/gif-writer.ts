// Writes a GIF frame by frame (GIF89a, by gifenc): of each frame what has changed since the one before, in one palette for all.
import { GIFEncoder } from 'gifenc'
import { createPalette } from './palette'

export interface GifWriter {
  /** A frame's pixels [width × height × RGBA], opaque, and for how long it stays. Answers with the file's bytes so far. */
  add(rgba: Uint8ClampedArray | Uint8Array, seconds: number): number
  /** The whole file; it plays for ever. */
  finish(): Uint8Array
}

export function createGifWriter(width: number, height: number, seriesColours: readonly string[]): GifWriter {
  const encoder = GIFEncoder()
  const palette = createPalette(seriesColours)
  const unchanged = palette.colours.length
  /** Of the frame before; null before the first. */
  let before: Uint8Array | null = null

  return {
    add(rgba, seconds) {
      const now = new Uint8Array(width * height)
      for (let pixel = 0, at = 0; pixel < now.length; pixel++, at += 4)
        now[pixel] = palette.indexOf(rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number)
      const first = before === null
      const written = before ? now.map((index, pixel) => (index === before?.[pixel] ? unchanged : index)) : now
      encoder.writeFrame(written, width, height, {
        delay: 1000 * seconds,
        dispose: 1,
        transparent: !first,
        transparentIndex: unchanged,
        ...(first ? { palette: [...palette.colours, [255, 255, 255]], repeat: 0 } : {})
      })
      before = now
      return encoder.bytesView().byteLength
    },
    finish() {
      encoder.finish()
      return encoder.bytes()
    }
  }
}

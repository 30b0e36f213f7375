// One digit on a canvas of 28 × 28: ink on paper, the pixel's value as alpha. CSS enlarges it without smoothing.
import { PIXELS } from '@shared/experiment'

export const SIDE = 28

/** RGBA of a digit in black (ink 0) or white (ink 255): [784 × 4]. */
export function digitRgba(pixels: Uint8Array, ink: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * PIXELS).fill(ink)
  for (let pixel = 0; pixel < PIXELS; pixel++) rgba[4 * pixel + 3] = pixels[pixel] ?? 0
  return rgba
}

/** Replaces what the canvas shows; null leaves it empty. */
export function drawDigit(canvas: HTMLCanvasElement, pixels: Uint8Array | null, ink: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  if (pixels) context.putImageData(new ImageData(digitRgba(pixels, ink), SIDE, SIDE), 0, 0)
  else context.clearRect(0, 0, SIDE, SIDE)
}

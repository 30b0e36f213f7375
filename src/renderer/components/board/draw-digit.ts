// One digit on a canvas of its size: ink on paper, the pixel's value as alpha. CSS enlarges it without smoothing.

/** RGBA of an image's pixels (uint8) in black (ink 0) or white (ink 255): four values a pixel. */
export function digitRgba(pixels: Uint8Array, ink: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * pixels.length).fill(ink)
  pixels.forEach((value, pixel) => (rgba[4 * pixel + 3] = value))
  return rgba
}

/** Replaces what the canvas shows; null leaves it empty. The canvas is as wide as the image. */
export function drawDigit(canvas: HTMLCanvasElement, pixels: Uint8Array | null, ink: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  if (pixels) context.putImageData(new ImageData(digitRgba(pixels, ink), canvas.width), 0, 0)
  else context.clearRect(0, 0, canvas.width, canvas.height)
}

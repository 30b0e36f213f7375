// Images and differences of images on canvases of their size; CSS enlarges them without smoothing.
import type { ChartTheme } from '@shared/charts/theme'
import { drawDigit } from './board/draw-digit'

/** The colours of a difference: ink that the second has and the first lacks, and the reverse. */
export function differenceColours({ ramp }: ChartTheme): { added: string; missing: string } {
  return { added: ramp[3] ?? '#000000', missing: ramp[0] ?? '#000000' }
}

/** RGBA of `second − first` (uint8 images of one size): the colour says which has more ink, alpha how much. */
export function differenceRgba(
  first: Uint8Array,
  second: Uint8Array,
  colours: { added: string; missing: string }
): Uint8ClampedArray<ArrayBuffer> {
  const [added, missing] = [channels(colours.added), channels(colours.missing)]
  const rgba = new Uint8ClampedArray(4 * first.length)
  first.forEach((value, pixel) => {
    const difference = (second[pixel] ?? 0) - value
    rgba.set(difference > 0 ? added : missing, 4 * pixel)
    rgba[4 * pixel + 3] = Math.abs(difference)
  })
  return rgba
}

/** Replaces what a canvas as wide as the images shows. */
export function drawDifference(
  canvas: HTMLCanvasElement,
  first: Uint8Array,
  second: Uint8Array,
  colours: { added: string; missing: string }
): void {
  const rgba = differenceRgba(first, second, colours)
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, canvas.width), 0, 0)
}

export { drawDigit }

/** Red, green and blue of `#rrggbb`. */
const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))

// Noise on an image, the same each time: who looks at it with another model or level sees the same grains.
import { noisyPixel, pixelNoises, type PixelNoise } from '@shared/noise'
import { randomStream } from '@shared/random'

export const noiseKinds = [...pixelNoises, 'occlusion'] as const
export type NoiseKind = (typeof noiseKinds)[number]

/** The strongest noise of each kind: a standard deviation, a share of the pixels, a share of the image's area. */
export const MOST_NOISE = 0.5
const SEED = 1

/** The image, 0 to 1, with noise of this level, 0 to MOST_NOISE; the same values at level 0. `columns` is the image's width. */
export function withNoise(image: Float32Array, columns: number, kind: NoiseKind, level: number): Float32Array {
  if (level <= 0) return image
  return kinds[kind](image, columns, level)
}

const onPixels = (noise: PixelNoise) => (image: Float32Array, _: number, level: number) =>
  image.map(noisyPixel(noise, level, randomStream(SEED, noise)))

const kinds: Record<NoiseKind, (image: Float32Array, columns: number, level: number) => Float32Array> = {
  gaussian: onPixels('gaussian'),
  'salt-and-pepper': onPixels('salt-and-pepper'),
  /** Level: the area without ink in the middle, of the image's own shape, as a share of the image. */
  occlusion(image, columns, level) {
    const rows = image.length / columns
    const [width, height] = [columns, rows].map((side) => Math.round(side * Math.sqrt(level))) as [number, number]
    const [left, top] = [Math.floor((columns - width) / 2), Math.floor((rows - height) / 2)]
    return image.map((value, pixel) => {
      const [x, y] = [pixel % columns, Math.floor(pixel / columns)]
      return x >= left && x < left + width && y >= top && y < top + height ? 0 : value
    })
  }
}

// Noisy test images: the same noise for every model, and for every level of its kind.
import { noisyPixel, type PixelNoise } from '@shared/noise'
import { randomStream } from '@shared/random'
import type { Images } from '../trainer/engines/engine'

export interface Noise {
  noise: PixelNoise
  level: number
}

export const noises: readonly Noise[] = [
  { noise: 'gaussian', level: 0.1 },
  { noise: 'gaussian', level: 0.2 },
  { noise: 'gaussian', level: 0.3 },
  { noise: 'gaussian', level: 0.5 },
  { noise: 'salt-and-pepper', level: 0.1 }
]

/** The images with noise, rounded to bytes, as an image file has them. */
export function noisy({ pixels, count, size }: Images, { noise, level }: Noise): Images {
  const spoil = noisyPixel(noise, level, randomStream('noise', noise))
  const values = new Uint8Array(new SharedArrayBuffer(count * size))
  for (let i = 0; i < values.length; i++) values[i] = Math.round(255 * spoil((pixels[i] as number) / 255))
  return { pixels: values, count, size }
}

// Noisy test images: the same noise for every model, and for every level of its kind.
import { randomStream } from '@shared/random'
import type { Images } from '../trainer/engines/engine'

export interface Noise {
  noise: 'gaussian' | 'flipped'
  level: number
}

export const noises: readonly Noise[] = [
  { noise: 'gaussian', level: 0.1 },
  { noise: 'gaussian', level: 0.2 },
  { noise: 'gaussian', level: 0.3 },
  { noise: 'gaussian', level: 0.5 },
  { noise: 'flipped', level: 0.1 }
]

/**
 * gaussian: a normal number of this standard deviation added to each pixel, cut to [0, 1] (Vincent et al. 2010 add such noise); flipped:
 * so large a share of pixels, drawn one by one, becomes black or white ("salt and pepper"). Rounded to bytes, as an image file has them.
 */
export function noisy({ pixels, count, size }: Images, { noise, level }: Noise): Images {
  const random = randomStream('noise', noise)
  const values = new Uint8Array(new SharedArrayBuffer(count * size))
  const spoil = noise === 'gaussian' ? (x: number) => x + 255 * level * normal(random) : flip(random, level)
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.min(255, Math.max(0, Math.round(spoil(pixels[i] as number))))
  }
  return { pixels: values, count, size }
}

/** Box & Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const flip = (random: () => number, share: number) => (x: number) => {
  const [chance, white] = [random(), random()]
  return chance < share ? (white < 0.5 ? 0 : 255) : x
}

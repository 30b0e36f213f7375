// Errors of single images: of models, and of what the data alone gives.
import { BCE_CLIP } from '@shared/metrics'
import type { PixelRows } from '../data/bounds'
import { RECONSTRUCTED_AT_ONCE } from '../trainer/evaluate'
import type { Images } from '../trainer/engines/engine'
import type { ModelsAtWork } from './analysed-models'

/** Squared error of each image that a model makes of `shown` to `clean`, mean over its pixels: one array a model. */
export async function errorsToClean(models: ModelsAtWork, shown: Images, clean: Images): Promise<Float64Array[]> {
  const errors: Float64Array[] = []
  for (let first = 0; first < shown.count; first += RECONSTRUCTED_AT_ONCE) {
    const count = Math.min(RECONSTRUCTED_AT_ONCE, shown.count - first)
    const { reconstruction } = await models.forward(shown, ['reconstruction'], first, count)
    for (const [model, pixels] of reconstruction.entries()) {
      const all = (errors[model] ??= new Float64Array(shown.count))
      for (let image = 0; image < count; image++) all[first + image] = squaredError(clean, first + image, pixels, image)
    }
  }
  return errors
}

function squaredError({ pixels, size }: Images, image: number, copies: Float32Array, copy: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) {
    const difference = (pixels[image * size + i] as number) / 255 - (copies[copy * size + i] as number)
    sum += difference * difference
  }
  return sum / size
}

/** Squared error of each noisy image itself. */
export function noiseErrors({ pixels: noisy }: Images, { pixels, count, size }: Images): Float64Array {
  return Float64Array.from({ length: count }, (_, image) => {
    let sum = 0
    for (let i = image * size; i < (image + 1) * size; i++) sum += ((noisy[i] as number) - (pixels[i] as number)) ** 2
    return sum / (size * 255 * 255)
  })
}

/** BCE in nats or squared error of answering `answer` (pixels in [0, 1]) to each image, or the image itself where there is none. */
export function fixedAnswerErrors(
  images: PixelRows,
  loss: 'bce' | 'mse',
  answer: ArrayLike<number> | null
): Float64Array {
  const { pixels, count, size } = images
  const clip = (y: number) => Math.min(Math.max(y, BCE_CLIP), 1 - BCE_CLIP)
  const error =
    loss === 'mse'
      ? (x: number, y: number) => (x - y) ** 2
      : (x: number, y: number) => -x * Math.log(clip(y)) - (1 - x) * Math.log(1 - clip(y))
  return Float64Array.from({ length: count }, (_, image) => {
    let sum = 0
    for (let i = 0; i < size; i++) {
      const x = (pixels[image * size + i] as number) / 255
      sum += error(x, answer ? (answer[i] as number) : x)
    }
    return sum / size
  })
}

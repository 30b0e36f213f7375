// Errors of single images: of models, and of what the data alone gives.
import { mseByImage, pixelErrors, storedMse } from '@shared/metrics'
import type { Loss } from '@shared/model'
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
    const originals = clean.pixels.subarray(first * clean.size, (first + count) * clean.size)
    for (const [model, pixels] of reconstruction.entries()) {
      const all = (errors[model] ??= new Float64Array(shown.count))
      all.set(mseByImage(originals, pixels, clean.size), first)
    }
  }
  return errors
}

/** Squared error of each noisy image itself. */
export function noiseErrors({ pixels: noisy }: Images, { pixels, count, size }: Images): Float64Array {
  const imageOf = (all: Uint8Array, image: number) => all.subarray(image * size, (image + 1) * size)
  return Float64Array.from({ length: count }, (_, image) => storedMse(imageOf(pixels, image), imageOf(noisy, image)))
}

/** BCE in nats or squared error of answering `answer` (pixels in [0, 1]) to each image, or the image itself where there is none. */
export function fixedAnswerErrors(images: PixelRows, loss: Loss, answer: ArrayLike<number> | null): Float64Array {
  const { pixels, count, size } = images
  const error = pixelErrors[loss]
  return Float64Array.from({ length: count }, (_, image) => {
    let sum = 0
    for (let i = 0; i < size; i++) {
      const x = (pixels[image * size + i] as number) / 255
      sum += error(x, answer ? (answer[i] as number) : x)
    }
    return sum / size
  })
}

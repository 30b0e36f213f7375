// What is made of an engine's answers about test images, once for all engines: losses, quality, digits.
import type { Loss } from '@shared/model'
import { createSsim, mean, psnr } from '@shared/metrics'
import type { EngineSession, ForwardResult, Images } from './engines/engine'

/** Images a call of `forward` with reconstructions, which take 4 bytes a pixel and model. */
const RECONSTRUCTED_AT_ONCE = 500

/** Means over all images and pixels, one entry a model. */
export interface Evaluation {
  valLoss: number[]
  valMse: number[]
}

/** Means over all images, one entry a model. PSNR in dB; SSIM as shared/metrics defines it. */
export interface Quality {
  psnr: number[]
  ssim: number[]
}

/** The run's loss and the squared error over all images. */
export async function evaluate(session: EngineSession, images: Images, loss: Loss): Promise<Evaluation> {
  const { [loss]: ofLoss, mse } = await session.forward(
    images,
    allOf(images),
    loss === 'mse' ? ['mse'] : ['bce', 'mse']
  )
  return { valLoss: ofLoss.map(mean), valMse: mse.map(mean) }
}

/** Reconstructions of chosen images as uint8 (rounded value · 255): one array a model, [indices × size]. */
export async function reconstruct(
  session: EngineSession,
  images: Images,
  indices: readonly number[]
): Promise<Uint8Array[]> {
  const { reconstruction } = await session.forward(images, Int32Array.from(indices), ['reconstruction'])
  return reconstruction.map((pixels) => Uint8Array.from(pixels, (value) => Math.round(value * 255)))
}

/** PSNR and SSIM over all images, which have `rows` rows. */
export async function measureQuality(session: EngineSession, images: Images, rows: number): Promise<Quality> {
  const ssim = createSsim(images.pixels, images.count, rows, images.size / rows)
  const psnrSums: number[] = []
  const ssimSums: number[] = []
  const add = (sums: number[], model: number, values: Float64Array) =>
    (sums[model] = values.reduce((sum, value) => sum + value, sums[model] ?? 0))
  for (let first = 0; first < images.count; first += RECONSTRUCTED_AT_ONCE) {
    const indices = allOf(images).subarray(first, first + RECONSTRUCTED_AT_ONCE)
    const answer: ForwardResult<'mse' | 'reconstruction'> = await session.forward(images, indices, [
      'mse',
      'reconstruction'
    ])
    answer.mse.forEach((errors, model) => add(psnrSums, model, Float64Array.from(errors, psnr)))
    answer.reconstruction.forEach((pixels, model) => add(ssimSums, model, ssim.byImage(pixels, first)))
  }
  const perImage = (sum: number) => sum / images.count
  return { psnr: psnrSums.map(perImage), ssim: ssimSums.map(perImage) }
}

function allOf({ count }: Images): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}

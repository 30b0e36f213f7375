// What is made of an engine's answers about test images, once for all engines: losses, quality, digits.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Loss } from '@shared/model'
import { createSsim, mean, psnr, WINDOW_SIDE } from '@shared/metrics'
import type { EngineSession, Images } from './engines/engine'

/** Images a call of `forward` with reconstructions, which take 4 bytes a pixel and model. */
export const RECONSTRUCTED_AT_ONCE = 500

/** Means over all images and pixels, one entry a model. */
export interface Evaluation {
  valLoss: number[]
  valMse: number[]
}

/** Means over all images, one entry a model. BCE in nats; PSNR in dB; SSIM as shared/metrics defines it. */
export interface Quality {
  bce: number[]
  psnr: number[]
  /** Null of images that are smaller than SSIM's window. */
  ssim: (number | null)[]
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
  return reconstruction.map(toBytes)
}

/** Values from 0 to 1 as uint8, rounded. A loop: `from` with a function takes many times as long, between two epochs. */
export function toBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round((values[i] as number) * 255)
  return bytes
}

/** BCE, PSNR and SSIM over all images, which have `rows` rows. `onPart` is called again and again; what it throws ends the measuring. */
export async function measureQuality(
  session: Pick<EngineSession, 'forward'>,
  images: Images,
  rows: number,
  onPart?: () => void
): Promise<Quality> {
  const sums = { bce: [] as number[], psnr: [] as number[], ssim: [] as number[] }
  const hasSsim = Math.min(rows, images.size / rows) >= WINDOW_SIDE
  const add = (name: keyof Quality, model: number, values: Iterable<number>) => {
    for (const value of values) sums[name][model] = (sums[name][model] ?? 0) + value
  }
  for (let first = 0; first < images.count; first += RECONSTRUCTED_AT_ONCE) {
    const indices = allOf(images).subarray(first, first + RECONSTRUCTED_AT_ONCE)
    const { bce, mse, reconstruction } = await session.forward(images, indices, ['bce', 'mse', 'reconstruction'])
    const originals = images.pixels.subarray(first * images.size, (first + indices.length) * images.size)
    const ssim = hasSsim ? createSsim(originals, indices.length, rows, images.size / rows) : null
    bce.forEach((values, model) => add('bce', model, values))
    mse.forEach((values, model) => add('psnr', model, Float64Array.from(values, psnr)))
    for (const [model, pixels] of reconstruction.entries()) {
      if (ssim) add('ssim', model, ssim.byImage(pixels))
      await sleep(0) // the thread is free for a sign of life after each model, however little of a processor it has
      onPart?.()
    }
  }
  const perImage = (sum: number) => sum / images.count
  return {
    bce: sums.bce.map(perImage),
    psnr: sums.psnr.map(perImage),
    ssim: sums.bce.map((_, model) => (hasSsim ? perImage(sums.ssim[model] ?? NaN) : null))
  }
}

function allOf({ count }: Images): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}

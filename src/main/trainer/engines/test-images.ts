// What is measured over all test images, from an engine's answers to batch after batch.
import { PIXELS } from '@shared/experiment'
import { createSsim, mean, psnr } from '@shared/metrics'
import type { Evaluation, Images, Quality } from '../engine'

/** Test images per run: reconstructions of 12 models then take 19 MB. */
export const EVALUATED_AT_ONCE = 500
const SIDE = 28

/** Answers about a batch of test images, one entry a model. */
export interface BatchAnswer {
  /** Summed over the pixels of each image. */
  crossEntropies: Float32Array[]
  squaredErrors: Float32Array[]
  /** [images, 784] from 0 to 1; empty if they were not asked for. */
  reconstructions: Float32Array[]
}

/** Looks at test images by their indices; reconstructions only if they are wanted. */
export type LookAt = (indices: Int32Array, withReconstructions: boolean) => Promise<BatchAnswer>

/** Means over all test images and pixels. */
export async function evaluateImages(models: number, test: Images, lookAt: LookAt): Promise<Evaluation> {
  const bce = new Array<number>(models).fill(0)
  const mse = new Array<number>(models).fill(0)
  for (const indices of batches(test.count)) {
    const { crossEntropies, squaredErrors } = await lookAt(indices, false)
    crossEntropies.forEach((ofModel, model) => addTo(bce, model, ofModel))
    squaredErrors.forEach((ofModel, model) => addTo(mse, model, ofModel))
  }
  const perPixel = (sum: number) => sum / (test.count * PIXELS)
  return { bce: bce.map(perPixel), mse: mse.map(perPixel) }
}

/** PSNR and SSIM, means over all test images. */
export async function measureQualityOfImages(models: number, test: Images, lookAt: LookAt): Promise<Quality> {
  const sums = { psnr: new Array<number>(models).fill(0), ssim: new Array<number>(models).fill(0) }
  const ssim = createSsim(test.pixels, test.count, SIDE, SIDE)
  for (const indices of batches(test.count)) {
    const { squaredErrors, reconstructions } = await lookAt(indices, true)
    squaredErrors.forEach((ofModel, model) => {
      addTo(
        sums.psnr,
        model,
        ofModel.map((sum) => psnr(sum / PIXELS))
      )
    })
    reconstructions.forEach((ofModel, model) => {
      const ssims = ssim.byImage(ofModel, indices[0] ?? 0)
      addTo(sums.ssim, model, [mean(ssims) * ssims.length])
    })
  }
  const perImage = (sum: number) => sum / test.count
  return { psnr: sums.psnr.map(perImage), ssim: sums.ssim.map(perImage) }
}

/** Reconstructions of chosen test images as uint8 (rounded σ·255): [models × indices × 784]. */
export async function reconstructImages(indices: readonly number[], lookAt: LookAt): Promise<Uint8Array> {
  const parts: Uint8Array[][] = []
  for (let first = 0; first < indices.length; first += EVALUATED_AT_ONCE) {
    const { reconstructions } = await lookAt(Int32Array.from(indices.slice(first, first + EVALUATED_AT_ONCE)), true)
    parts.push(reconstructions.map((ofModel) => new Uint8Array(ofModel.map((value) => Math.round(value * 255)))))
  }
  return Buffer.concat((parts[0] ?? []).flatMap((_, model) => parts.map((part) => part[model] as Uint8Array)))
}

/** Consecutive indices, as many as a run takes. */
function batches(count: number): Int32Array[] {
  return Array.from({ length: Math.ceil(count / EVALUATED_AT_ONCE) }, (_, index) =>
    Int32Array.from(
      { length: Math.min(EVALUATED_AT_ONCE, count - index * EVALUATED_AT_ONCE) },
      (_, place) => index * EVALUATED_AT_ONCE + place
    )
  )
}

/** Adds values to one sum in double precision. */
function addTo(sums: number[], place: number, values: ArrayLike<number>): void {
  let sum = sums[place] as number
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  sums[place] = sum
}

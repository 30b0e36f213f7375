// Errors of single images by class, as quantiles, and the images that a model copies worst and best.
import type { Images } from '../trainer/engines/engine'
import type { ModelsAtWork } from './analysed-models'
import { quantile } from './bootstrap'

const SAMPLES = 6
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

/** Images of each class. */
export function countsOf(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) (counts[label] as number) += 1
  return counts
}

/** Mean error of the images of each class, of which there are `counts`; null of a class without any. */
export function classMeans(
  errors: ArrayLike<number>,
  labels: Uint8Array,
  counts: readonly number[]
): (number | null)[] {
  const sums = counts.map(() => 0)
  labels.forEach((label, image) => ((sums[label] as number) += errors[image] as number))
  return sums.map((sum, label) => (counts[label] ? sum / counts[label] : null))
}

export function quantilesOf(errors: Float32Array): number[] {
  const sorted = Float32Array.from(errors).sort()
  return QUANTILES.map((share) => quantile(sorted, share))
}

/** The images that a model copies worst and best. */
export async function extremes(
  models: ModelsAtWork,
  model: number,
  mse: Float32Array,
  images: Images,
  labels: Uint8Array
) {
  const order = Array.from(mse.keys()).sort((a, b) => (mse[b] as number) - (mse[a] as number))
  const sample = async (index: number) => {
    const { reconstruction } = await models.forward(images, ['reconstruction'], index, 1)
    const copy = Uint8Array.from(reconstruction[model] as Float32Array, (value) => Math.round(255 * value))
    const original = images.pixels.slice(index * images.size, (index + 1) * images.size)
    return {
      index,
      label: labels[index] as number,
      mse: mse[index] as number,
      original: base64(original),
      copy: base64(copy)
    }
  }
  const all = async (indices: number[]) => {
    const samples = []
    for (const index of indices) samples.push(await sample(index))
    return samples
  }
  return { worst: await all(order.slice(0, SAMPLES)), best: await all(order.slice(-SAMPLES).reverse()) }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

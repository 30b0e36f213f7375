// Principal components of the training images: the linear code that every model is compared with.
import { strongestFirst } from '@shared/covariance'
import type { PixelRows } from '../data/bounds'
import { leadingAxes } from '../data/leading-axes'
import { covarianceOf, EIGENVALUE_NOISE, MOST_DECOMPOSED } from '../data/pca'

export interface Components {
  /** Mean of each pixel over the training images, in [0, 1]. */
  mean: Float64Array
  /** Variance along each component, the largest first, pixels in [0, 1]; of images above MOST_DECOMPOSED as many as are kept. */
  variances: number[]
  /** Variance along all components that are not known: each has at most that of the last one known. */
  rest: number
  /** The first components as unit vectors: [kept × pixels]; zero beyond the rank of the training images. */
  vectors: Float64Array
  kept: number
}

const UNIT = 255 * 255

/** Of the first `trainCount` training images. Takes seconds, of images above MOST_DECOMPOSED up to minutes. */
export function principalComponents(train: PixelRows, trainCount: number, kept: number): Components {
  return train.size > MOST_DECOMPOSED ? fromAxes(train, trainCount, kept) : fromAll(train, trainCount, kept)
}

function fromAxes(train: PixelRows, trainCount: number, kept: number): Components {
  const axes = leadingAxes(train, trainCount, kept)
  const vectors = new Float64Array(kept * train.size)
  vectors.set(axes.vectors)
  const variances = Array.from(axes.variances, (variance) => variance / UNIT)
  while (variances.length < kept) variances.push(0)
  const known = variances.reduce((sum, variance) => sum + variance, 0)
  const rest = Math.max(0, axes.total / UNIT - known)
  return { mean: axes.means.map((value) => value / 255), variances, rest, vectors, kept }
}

function fromAll(train: PixelRows, trainCount: number, kept: number): Components {
  const { size } = train
  const { means, covariance } = covarianceOf(train, trainCount)
  const varying = Array.from(means.keys()).filter((pixel) => covariance.get(pixel, pixel) > 0)
  const { values, order, vectors: axes } = strongestFirst(covariance.selection(varying, varying), EIGENVALUE_NOISE)
  const vectors = new Float64Array(kept * size)
  order.slice(0, kept).forEach((column, component) => {
    varying.forEach((pixel, row) => (vectors[component * size + pixel] = axes.get(row, column)))
  })
  const variances = values.map((value) => value / UNIT)
  while (variances.length < size) variances.push(0)
  return { mean: means.map((sum) => sum / 255), variances, rest: 0, vectors, kept }
}

/** Codes of images: [count × kept]. */
export function project({ mean, vectors, kept }: Components, { pixels, count, size }: PixelRows): Float32Array {
  const codes = new Float32Array(count * kept)
  const centred = new Float64Array(size)
  for (let image = 0; image < count; image++) {
    for (let i = 0; i < size; i++) centred[i] = (pixels[image * size + i] as number) / 255 - (mean[i] as number)
    for (let component = 0; component < kept; component++) {
      let sum = 0
      const start = component * size
      for (let i = 0; i < size; i++) sum += (vectors[start + i] as number) * (centred[i] as number)
      codes[image * kept + component] = sum
    }
  }
  return codes
}

/** Squared error of each image after k components, mean over its pixels: what is left of its distance to the mean image. */
export function projectionErrors(
  components: Components,
  images: PixelRows,
  codes: Float32Array,
  k: number
): Float64Array {
  const { pixels, count, size } = images
  return Float64Array.from({ length: count }, (_, image) => {
    let left = 0
    for (let i = 0; i < size; i++) {
      left += ((pixels[image * size + i] as number) / 255 - (components.mean[i] as number)) ** 2
    }
    for (let c = 0; c < k; c++) left -= (codes[image * components.kept + c] as number) ** 2
    return Math.max(0, left) / size
  })
}

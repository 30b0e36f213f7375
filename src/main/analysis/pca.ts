// Principal components of the training images: the linear code that every model is compared with.
import type { Matrix } from 'ml-matrix'
import { EigenvalueDecomposition } from 'ml-matrix'
import { covarianceOf, type PixelRows } from '../data/bounds'

export interface Components {
  /** Mean of each pixel over the training images, in [0, 1]. */
  mean: Float64Array
  /** Variance along each component, the largest first, pixels in [0, 1]; as many as an image has pixels. */
  variances: number[]
  /** The first components as unit vectors: [kept × pixels]. */
  vectors: Float64Array
  kept: number
}

/** Of the first `trainCount` training images, at most 66,051 (data/bounds.ts). Takes seconds. */
export function principalComponents(train: PixelRows, trainCount: number, kept: number): Components {
  const { size } = train
  const { means, covariance } = covarianceOf(train, trainCount)
  const varying = Array.from(means.keys()).filter((pixel) => covariance.get(pixel, pixel) > 0)
  const { realEigenvalues, eigenvectorMatrix } = decompose(covariance.selection(varying, varying))
  const order = Array.from(realEigenvalues.keys()).sort(
    (a, b) => (realEigenvalues[b] as number) - (realEigenvalues[a] as number)
  )
  const vectors = new Float64Array(kept * size)
  order.slice(0, kept).forEach((column, component) => {
    varying.forEach((pixel, row) => (vectors[component * size + pixel] = eigenvectorMatrix.get(row, column)))
  })
  const unit = 255 * 255
  const variances = order.map((column) => Math.max(0, realEigenvalues[column] as number) / unit)
  while (variances.length < size) variances.push(0)
  return { mean: means.map((sum) => sum / 255), variances, vectors, kept }
}

function decompose(matrix: Matrix) {
  if (matrix.rows === 0) return { realEigenvalues: [] as number[], eigenvectorMatrix: matrix }
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true })
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

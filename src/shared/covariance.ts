// The covariance of points, and the axes of symmetric matrices, the strongest first.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Mean and covariance of points [count × size], one after another; `divisor`: count, or count − 1 as numpy.cov. */
export function covarianceOf(values: ArrayLike<number>, size: number, divisor: number) {
  const count = values.length / size
  const shift = Float64Array.from({ length: size }, (_, unit) => values[unit] as number) // the first point, against cancellation
  const means = new Float64Array(size)
  for (let i = 0; i < count * size; i++) {
    ;(means[i % size] as number) += ((values[i] as number) - (shift[i % size] as number)) / count
  }
  const sums = new Float64Array(size * size)
  const centred = new Float64Array(size)
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      centred[i] = (values[row * size + i] as number) - (shift[i] as number) - (means[i] as number)
    }
    for (let i = 0; i < size; i++) {
      const x = centred[i] as number
      if (x === 0) continue
      for (let j = i; j < size; j++) (sums[i * size + j] as number) += x * (centred[j] as number)
    }
  }
  const covariance = new Matrix(size, size)
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = (sums[i * size + j] as number) / divisor
      covariance.set(i, j, value).set(j, i, value)
    }
  }
  return { mean: means.map((value, unit) => value + (shift[unit] as number)), covariance }
}

interface SortedAxes {
  /** Eigenvalues, the largest first. */
  values: number[]
  /** The column of each in `vectors`. */
  order: number[]
  /** Unit eigenvectors as columns. */
  vectors: Matrix
}

/** Of a symmetric matrix; where `noise` is given, eigenvalues up to that share of the largest are left out. */
export function strongestFirst(matrix: Matrix, noise?: number): SortedAxes {
  if (matrix.rows === 0) return { values: [], order: [], vectors: matrix }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true })
  const at = (column: number) => realEigenvalues[column] as number
  const least = noise === undefined ? -Infinity : noise * Math.max(...realEigenvalues)
  const order = Array.from(realEigenvalues.keys())
    .filter((column) => at(column) > least)
    .sort((a, b) => at(b) - at(a))
  return { values: order.map(at), order, vectors: eigenvectorMatrix }
}

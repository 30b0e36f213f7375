// How much of a class a straight cut through the codes can read: a ridge classifier, cross-validated.
import { Matrix, CholeskyDecomposition } from 'ml-matrix'
import type { Points } from './neighbours'

const PROBE_FOLDS = 5
const ALPHA = 1

/**
 * Share of points whose class a linear probe names, fitted on four of five folds and asked about the fifth (the fold of a point is its
 * index modulo 5): ridge regression with α = 1 on targets ±1, one a class, on features of mean 0 and variance 1 over the fitted points;
 * the class of the highest answer counts. As scikit-learn's StandardScaler and RidgeClassifier(alpha=1.0).
 */
export function probeAccuracy({ values, count, size }: Points, labels: ArrayLike<number>, classes: number): number {
  const width = size + 1 + classes // features, the constant 1, one-hot classes: all sums in one matrix of products
  const folds = Array.from({ length: PROBE_FOLDS }, () => new Float64Array(width * width))
  const row = new Float64Array(width)
  const lit = new Int32Array(width)
  for (let point = 0; point < count; point++) {
    row.fill(0)
    for (let i = 0; i < size; i++) row[i] = values[point * size + i] as number
    row[size] = 1
    row[size + 1 + (labels[point] as number)] = 1
    addProducts(folds[point % PROBE_FOLDS] as Float64Array, row, lit)
  }
  const all = folds.reduce((sum, fold) => sum.map((value, i) => value + (fold[i] as number)))
  let right = 0
  for (const [number, fold] of folds.entries()) {
    const fit = fitRidge(
      all.map((value, i) => value - (fold[i] as number)),
      size,
      classes
    )
    for (let point = number; point < count; point += PROBE_FOLDS) {
      if (answer(fit, values, point * size, size, classes) === labels[point]) right += 1
    }
  }
  return right / count
}

/** Upper triangle of the row's products with itself. Values of zero, most of a digit's pixels, cost nothing. */
function addProducts(sums: Float64Array, row: Float64Array, lit: Int32Array): void {
  let filled = 0
  for (let i = 0; i < row.length; i++) if (row[i] !== 0) lit[filled++] = i
  for (let a = 0; a < filled; a++) {
    const i = lit[a] as number
    const x = row[i] as number
    const start = i * row.length
    for (let b = a; b < filled; b++) {
      const j = lit[b] as number
      sums[start + j] = (sums[start + j] as number) + x * (row[j] as number)
    }
  }
}

interface Ridge {
  /** [size × classes], of features as they are. */
  weights: Matrix
  offsets: Float64Array
}

function fitRidge(sums: Float64Array, size: number, classes: number): Ridge {
  const width = size + 1 + classes
  const at = (i: number, j: number) => sums[Math.min(i, j) * width + Math.max(i, j)] as number
  const points = at(size, size)
  const means = Float64Array.from({ length: size }, (_, i) => at(i, size) / points)
  const covariance = (i: number, j: number) => at(i, j) - points * (means[i] as number) * (means[j] as number)
  const scales = Float64Array.from({ length: size }, (_, i) => {
    const deviation = Math.sqrt(Math.max(0, covariance(i, i)) / points)
    return deviation > 10 * Number.EPSILON * Math.abs(means[i] as number) ? deviation : 1
  })
  const system = new Matrix(size, size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance(i, j) / ((scales[i] as number) * (scales[j] as number)) + (i === j ? ALPHA : 0)
      system.set(i, j, value)
      system.set(j, i, value)
    }
  }
  const shares = Float64Array.from({ length: classes }, (_, c) => at(size, size + 1 + c) / points)
  const right = new Matrix(size, classes)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < classes; c++) {
      const product = at(i, size + 1 + c) - points * (means[i] as number) * (shares[c] as number)
      right.set(i, c, (2 * product) / (scales[i] as number)) // targets are 2 · one-hot − 1
    }
  }
  const weights = new CholeskyDecomposition(system).solve(right)
  const offsets = shares.map((share) => 2 * share - 1)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < classes; c++) {
      const weight = weights.get(i, c) / (scales[i] as number)
      weights.set(i, c, weight)
      offsets[c] = (offsets[c] as number) - weight * (means[i] as number)
    }
  }
  return { weights, offsets }
}

function answer({ weights, offsets }: Ridge, values: Points['values'], first: number, size: number, classes: number) {
  const scores = Float64Array.from(offsets)
  for (let i = 0; i < size; i++) {
    const x = values[first + i] as number
    if (x === 0) continue
    for (let c = 0; c < classes; c++) scores[c] = (scores[c] as number) + x * weights.get(i, c)
  }
  return scores.indexOf(Math.max(...scores))
}

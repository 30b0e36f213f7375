// How evenly a code spreads over its units: the eigenvalues of its covariance, and which units say anything at all.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Points } from './neighbours'

/** Eigenvalues of the covariance (divided by count − 1, as numpy.cov), the largest first; rounding noise below 0 counts as 0. */
export function covarianceEigenvalues({ values, count, size }: Points): number[] {
  const shift = values.slice(0, size) // the first point, against cancellation
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
      const value = (sums[i * size + j] as number) / (count - 1)
      covariance.set(i, j, value)
      covariance.set(j, i, value)
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true })
  return realEigenvalues.map((value) => Math.max(0, value)).sort((a, b) => b - a)
}

/** (Σλ)² / Σλ²: how many directions carry the variance, were it spread evenly (Gao et al. 2017). Null where there is no variance. */
export function participationRatio(eigenvalues: readonly number[]): number | null {
  const sum = eigenvalues.reduce((all, one) => all + one, 0)
  return sum === 0 ? null : sum ** 2 / eigenvalues.reduce((all, one) => all + one ** 2, 0)
}

/** exp(H) of the eigenvalues' shares, H their entropy in nats (Roy & Vetterli 2007, on the covariance). Null where there is no variance. */
export function effectiveRank(eigenvalues: readonly number[]): number | null {
  const sum = eigenvalues.reduce((all, one) => all + one, 0)
  if (sum === 0) return null
  const shares = eigenvalues.map((one) => one / sum).filter((share) => share > 0)
  return Math.exp(-shares.reduce((entropy, share) => entropy + share * Math.log(share), 0))
}

/** Variance of a unit over the images above which it counts as active (Burda, Grosse & Salakhutdinov 2016, section 4), and from which it is dead. */
export const ACTIVE_VARIANCE = 0.01
export const DEAD_VARIANCE = 1e-6

/** Variances of each unit over all points (divided by count). */
export function unitVariances({ values, count, size }: Points): number[] {
  return Array.from({ length: size }, (_, unit) => {
    let [sum, squares] = [0, 0]
    const shift = values[unit] as number // the first value, against cancellation
    for (let row = 0; row < count; row++) {
      const x = (values[row * size + unit] as number) - shift
      sum += x
      squares += x * x
    }
    return Math.max(0, squares / count - (sum / count) ** 2)
  })
}

// How evenly a code spreads over its units: the eigenvalues of its covariance, and which units say anything at all.
import { covarianceOf, strongestFirst } from '@shared/covariance'
import type { Points } from './neighbours'

/** Eigenvalues of the covariance (divided by count − 1), the largest first; rounding noise below 0 counts as 0. */
export function covarianceEigenvalues({ values, count, size }: Points): number[] {
  const { covariance } = covarianceOf(values, size, count - 1)
  return strongestFirst(covariance).values.map((value) => Math.max(0, value))
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

/** Variance of a unit over the images above which it counts as active (Burda, Grosse & Salakhutdinov 2016, section 4). */
export const ACTIVE_VARIANCE = 0.01

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

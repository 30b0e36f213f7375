// A plane in the space of codes. Codes are [count × units], one after another.
import { covarianceOf, strongestFirst } from './covariance'
import { checkFinite } from './divergence'

/** A plane in code space: the code of a point (x, y) is mean + x · first + y · second. */
export interface Plane {
  mean: Float32Array
  /** Orthonormal. The second is zero where the code has one unit. */
  axes: [Float32Array, Float32Array]
  /** Share of the codes' variance along each axis, 0 to 1; null where the plane is the code itself. */
  shares: [number, number] | null
}

/**
 * The code itself where it has no more than two units, else the plane of its first two principal components. Throws LabError `diverged`
 * where a code is no number.
 */
export function planeOf(codes: Float32Array, units: number): Plane {
  checkFinite('The model', 'codes', codes)
  return units <= 2 ? ownPlane(units) : principalPlane(codes, units)
}

/** Codes [count × units] of points [count × 2]. */
export function codesAt({ mean, axes }: Plane, points: Float32Array): Float32Array {
  const units = mean.length
  return Float32Array.from({ length: (points.length / 2) * units }, (_, index) => {
    const unit = index % units
    const point = 2 * Math.floor(index / units)
    const [x, y] = [points[point] as number, points[point + 1] as number]
    return (mean[unit] as number) + x * (axes[0][unit] as number) + y * (axes[1][unit] as number)
  })
}

/** Points [count × 2] of codes: their coordinates along the axes. */
export function project(codes: Float32Array, { mean, axes }: Plane): Float32Array {
  const units = mean.length
  const points = new Float32Array((2 * codes.length) / units)
  for (let point = 0; point < points.length / 2; point++) {
    let [x, y] = [0, 0]
    for (let unit = 0; unit < units; unit++) {
      const value = (codes[point * units + unit] as number) - (mean[unit] as number)
      x += value * (axes[0][unit] as number)
      y += value * (axes[1][unit] as number)
    }
    points[2 * point] = x
    points[2 * point + 1] = y
  }
  return points
}

function ownPlane(units: number): Plane {
  return {
    mean: new Float32Array(units),
    axes: [Float32Array.from({ length: units }, (_, unit) => (unit === 0 ? 1 : 0)), secondAxis(units)],
    shares: null
  }
}

const secondAxis = (units: number) => Float32Array.from({ length: units }, (_, unit) => (unit === 1 ? 1 : 0))

/** The first two principal components; each points to where its greatest part is positive, so that the same codes give the same picture. */
function principalPlane(codes: Float32Array, units: number): Plane {
  const { mean, covariance } = covarianceOf(codes, units, codes.length / units)
  const { values, order, vectors } = strongestFirst(covariance)
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const axisOf = (rank: number) => {
    const axis = Float32Array.from(vectors.getColumn(order[rank] as number))
    const greatest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0)
    return greatest < 0 ? axis.map((part) => -part) : axis
  }
  const share = (rank: number) => (total > 0 ? Math.max(0, values[rank] as number) / total : 0)
  return { mean: Float32Array.from(mean), axes: [axisOf(0), axisOf(1)], shares: [share(0), share(1)] }
}

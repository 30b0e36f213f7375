// The plane in which codes are shown, and what the units of a code do. Codes are [count × units], one after another.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** A plane in code space: the code of a point (x, y) is mean + x · first + y · second. */
export interface Plane {
  mean: Float32Array
  /** Orthonormal. The second is zero where the code has one unit. */
  axes: [Float32Array, Float32Array]
  /** Share of the codes' variance along each axis, 0 to 1; null where the plane is the code itself. */
  shares: [number, number] | null
}

/** Of each unit over all codes. */
export interface UnitActivity {
  mean: Float32Array
  sd: Float32Array
  least: Float32Array
  greatest: Float32Array
}

export interface CodeMap {
  plane: Plane
  /** [count × 2]. */
  points: Float32Array
  units: UnitActivity
}

/** A unit whose values differ by no more than this over all test images says nothing: it is dead. */
export const DEAD_RANGE = 1e-6

export function codeMap(codes: Float32Array, units: number): CodeMap {
  const activity = unitActivity(codes, units)
  const plane = units <= 2 ? ownPlane(units) : principalPlane(codes, activity.mean)
  return { plane, points: project(codes, plane), units: activity }
}

export function deadUnits({ least, greatest }: UnitActivity): number[] {
  return [...least.keys()].filter((unit) => (greatest[unit] as number) - (least[unit] as number) <= DEAD_RANGE)
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
function principalPlane(codes: Float32Array, mean: Float32Array): Plane {
  const units = mean.length
  const covariance = covarianceOf(codes, mean)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true })
  const order = [...realEigenvalues.keys()].sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0))
  const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0)
  const axisOf = (column: number) => {
    const axis = Float32Array.from({ length: units }, (_, unit) => eigenvectorMatrix.get(unit, column))
    const greatest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0)
    return greatest < 0 ? axis.map((part) => -part) : axis
  }
  const share = (column: number) => (total > 0 ? Math.max(0, realEigenvalues[column] ?? 0) / total : 0)
  const [first = 0, second = 0] = order
  return { mean, axes: [axisOf(first), axisOf(second)], shares: [share(first), share(second)] }
}

function covarianceOf(codes: Float32Array, mean: Float32Array): Matrix {
  const units = mean.length
  const sums = new Float64Array(units * units)
  const centred = new Float64Array(units)
  const count = codes.length / units
  for (let row = 0; row < count; row++) {
    for (let unit = 0; unit < units; unit++) {
      centred[unit] = (codes[row * units + unit] as number) - (mean[unit] as number)
    }
    for (let a = 0; a < units; a++) {
      const value = centred[a] as number
      if (value === 0) continue
      for (let b = a; b < units; b++)
        sums[a * units + b] = (sums[a * units + b] as number) + value * (centred[b] as number)
    }
  }
  const covariance = Matrix.zeros(units, units)
  for (let a = 0; a < units; a++) {
    for (let b = a; b < units; b++) {
      const value = (sums[a * units + b] as number) / count
      covariance.set(a, b, value)
      covariance.set(b, a, value)
    }
  }
  return covariance
}

function unitActivity(codes: Float32Array, units: number): UnitActivity {
  const count = codes.length / units
  const of = (measure: (values: Float32Array) => number) =>
    Float32Array.from({ length: units }, (_, unit) => {
      const values = new Float32Array(count)
      for (let row = 0; row < count; row++) values[row] = codes[row * units + unit] as number
      return measure(values)
    })
  const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / count
  return {
    mean: of(meanOf),
    sd: of((values) => {
      const mean = meanOf(values)
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)
    }),
    least: of((values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
    greatest: of((values) => values.reduce((most, value) => Math.max(most, value), -Infinity))
  }
}

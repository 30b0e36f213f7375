// The leading principal axes of images that have too many pixels for a whole decomposition, from passes over the images themselves.
import { Matrix } from 'ml-matrix'
import { strongestFirst } from '@shared/covariance'
import { randomStream } from '@shared/random'
import { pixelMeans, type PixelRows } from './bounds'

export interface Axes {
  /** Mean of each pixel, in units of 1/255. */
  means: Float64Array
  /** Variance along each axis, the largest first, in units of 1/255². */
  variances: Float64Array
  /** Unit vectors: [kept × size]. */
  vectors: Float64Array
  /** Variance of all pixels together, in units of 1/255². */
  total: number
}

/** Directions that one pass over the images takes along. */
const BLOCK = 8
/** Directions beyond twice those asked for that the axes are sought among. */
const MORE = 64
/** What is left of a direction without the ones before, as a share of its length, from which on it is rounding noise. */
const NOISE = 1e-10

/**
 * Axes of the first `count` images: as many as `kept`, or as their rank. A block Krylov method (Musco & Musco 2015): the covariance is applied
 * again and again to a block of random directions, all that come are made orthonormal, and the axes are those of the covariance within their
 * span. The time grows with images, pixels and axes, not with the cube of the pixels; the same images give the same axes.
 */
export function leadingAxes(images: PixelRows, count: number, kept: number): Axes {
  const limited = { ...images, count }
  const { size } = images
  const means = pixelMeans(limited)
  const most = Math.min(size, 2 * kept + MORE)
  const basis: Float64Array[] = []
  const applied: Float64Array[] = []
  let next = randomDirections(size)
  while (basis.length < most) {
    const fresh = orthonormal(next, basis).slice(0, most - basis.length)
    if (fresh.length === 0) break // they span all that the images vary in
    basis.push(...fresh)
    next = covarianceTimes(limited, means, fresh)
    applied.push(...next)
  }
  return { means, ...axesWithin(basis, applied, kept, size), total: totalVariance(limited, means) }
}

function randomDirections(size: number): Float64Array[] {
  const random = randomStream('axes')
  return Array.from({ length: BLOCK }, () => Float64Array.from({ length: size }, () => random() - 0.5))
}

/** What each direction adds to the span of `basis` and of those before it, with length 1; twice, against rounding (Giraud and others 2005). */
function orthonormal(directions: Float64Array[], basis: readonly Float64Array[]): Float64Array[] {
  const fresh: Float64Array[] = []
  for (const given of directions) {
    const direction = given.slice()
    const before = Math.sqrt(dot(direction, direction))
    for (let time = 0; time < 2; time++) {
      for (const one of [...basis, ...fresh]) addTimes(direction, -dot(direction, one), one)
    }
    const length = Math.sqrt(dot(direction, direction))
    if (length > before * NOISE) fresh.push(direction.map((value) => value / length))
  }
  return fresh
}

/** The covariance (divided by the count) times each of at most BLOCK directions, in one pass over the images. */
function covarianceTimes({ pixels, count, size }: PixelRows, means: Float64Array, directions: Float64Array[]) {
  const given = new Float64Array(size * BLOCK)
  directions.forEach((direction, j) => direction.forEach((value, pixel) => (given[pixel * BLOCK + j] = value)))
  const product = new Float64Array(size * BLOCK)
  const shift = directions.map((direction) => dot(direction, means))
  const sums = new Float64Array(BLOCK)
  const along = new Float64Array(BLOCK)
  for (let image = 0; image < count; image++) {
    const row = pixels.subarray(image * size, (image + 1) * size)
    project(row, given, along)
    for (let j = 0; j < directions.length; j++) {
      ;(along[j] as number) -= shift[j] as number
      ;(sums[j] as number) += along[j] as number
    }
    addOuter(row, along, product)
  }
  return directions.map((_, j) =>
    Float64Array.from(
      means,
      (mean, pixel) => ((product[pixel * BLOCK + j] as number) - mean * (sums[j] as number)) / count
    )
  )
}

/** along[j] = Σ row[pixel] · given[pixel, j]. Written out, which is several times as fast: nearly all the time goes here. */
function project(row: Uint8Array, given: Float64Array, along: Float64Array): void {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let pixel = 0, at = 0; pixel < row.length; pixel++, at += BLOCK) {
    const x = row[pixel] as number
    if (x === 0) continue
    a += x * (given[at] as number)
    b += x * (given[at + 1] as number)
    c += x * (given[at + 2] as number)
    d += x * (given[at + 3] as number)
    e += x * (given[at + 4] as number)
    f += x * (given[at + 5] as number)
    g += x * (given[at + 6] as number)
    h += x * (given[at + 7] as number)
  }
  along.set([a, b, c, d, e, f, g, h])
}

/** product[pixel, j] += row[pixel] · along[j]. */
function addOuter(row: Uint8Array, along: Float64Array, product: Float64Array): void {
  const [a, b, c, d, e, f, g, h] = along as unknown as [number, number, number, number, number, number, number, number]
  for (let pixel = 0, at = 0; pixel < row.length; pixel++, at += BLOCK) {
    const x = row[pixel] as number
    if (x === 0) continue
    ;(product[at] as number) += x * a
    ;(product[at + 1] as number) += x * b
    ;(product[at + 2] as number) += x * c
    ;(product[at + 3] as number) += x * d
    ;(product[at + 4] as number) += x * e
    ;(product[at + 5] as number) += x * f
    ;(product[at + 6] as number) += x * g
    ;(product[at + 7] as number) += x * h
  }
}

/** Axes of the covariance within the span of an orthonormal basis (Rayleigh and Ritz); `applied` is the covariance times each of it. */
function axesWithin(basis: Float64Array[], applied: Float64Array[], kept: number, size: number) {
  const inner = new Matrix(basis.length, basis.length)
  basis.forEach((one, i) => {
    for (let j = 0; j <= i; j++) {
      const value =
        (dot(one, applied[j] as Float64Array) + dot(basis[j] as Float64Array, applied[i] as Float64Array)) / 2
      inner.set(i, j, value).set(j, i, value)
    }
  })
  const { values, order, vectors: shares } = strongestFirst(inner, NOISE)
  const found = values.slice(0, kept)
  const vectors = new Float64Array(found.length * size)
  found.forEach((_, axis) => {
    const vector = vectors.subarray(axis * size, (axis + 1) * size)
    shares.getColumn(order[axis] as number).forEach((share, i) => addTimes(vector, share, basis[i] as Float64Array))
  })
  return { variances: Float64Array.from(found), vectors }
}

function totalVariance({ pixels, count, size }: PixelRows, means: Float64Array): number {
  const squares = new Float64Array(size)
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < size; pixel++)
      (squares[pixel] as number) += (pixels[image * size + pixel] as number) ** 2
  }
  return squares.reduce((sum, square, pixel) => sum + square / count - (means[pixel] as number) ** 2, 0)
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function addTimes(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) (to[i] as number) += factor * (from[i] as number)
}

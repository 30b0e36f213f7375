// Which part of a plane is looked at, and what lies where: plane coordinates have y upwards, those of the screen downwards.
import { nearestRank } from '../../models/errors'

export interface Point {
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

export interface PlaneView {
  /** The point in the middle of the screen. */
  centre: Point
  /** Pixels of the screen for a unit of the plane. */
  scale: number
}

/** From where to where points [count × 2] lie on an axis, 0 or 1, without this share of them at each end. */
export function spanOf(points: Float32Array, axis: number, without: number): { low: number; high: number } {
  const sorted = points.filter((_, index) => index % 2 === axis).sort()
  if (sorted.length === 0) return { low: 0, high: 0 }
  return { low: nearestRank(sorted, without), high: nearestRank(sorted, 1 - without) }
}

/** Shows all points [count × 2] but the outermost percent on each side, which would leave the others no room. */
export function fitted(points: Float32Array, { width, height }: Size): PlaneView {
  const [x, y] = [spanOf(points, 0, 0.005), spanOf(points, 1, 0.005)]
  const scale = 0.92 * Math.min(width / (x.high - x.low || 1), height / (y.high - y.low || 1))
  return { centre: { x: (x.low + x.high) / 2, y: (y.low + y.high) / 2 }, scale: scale > 0 ? scale : 1 }
}

export function toScreen({ centre, scale }: PlaneView, { width, height }: Size, { x, y }: Point): Point {
  return { x: width / 2 + (x - centre.x) * scale, y: height / 2 - (y - centre.y) * scale }
}

export function toPlane({ centre, scale }: PlaneView, { width, height }: Size, { x, y }: Point): Point {
  return { x: centre.x + (x - width / 2) / scale, y: centre.y - (y - height / 2) / scale }
}

/** Moved by pixels of the screen. */
export function moved({ centre, scale }: PlaneView, dx: number, dy: number): PlaneView {
  return { centre: { x: centre.x - dx / scale, y: centre.y + dy / scale }, scale }
}

/** Larger by a factor; the plane's point `fixed` stays where it is on the screen. */
export function zoomed({ centre, scale }: PlaneView, factor: number, fixed: Point): PlaneView {
  const towards = (from: number, to: number) => to + (from - to) / factor
  return { centre: { x: towards(centre.x, fixed.x), y: towards(centre.y, fixed.y) }, scale: scale * factor }
}

/** Index of the point nearest to `to` within a distance, among those that `isShown`; null where there is none. */
export function nearest(
  points: Float32Array,
  to: Point,
  within: number,
  isShown: (index: number) => boolean
): number | null {
  let [best, least] = [-1, within * within]
  for (let index = 0; index < points.length / 2; index++) {
    const [dx, dy] = [(points[2 * index] as number) - to.x, (points[2 * index + 1] as number) - to.y]
    const square = dx * dx + dy * dy
    if (square <= least && isShown(index)) [best, least] = [index, square]
  }
  return best < 0 ? null : best
}

/** Indices of the points inside a polygon, by the even-odd rule. */
export function inside(points: Float32Array, polygon: readonly Point[]): number[] {
  const found: number[] = []
  for (let index = 0; index < points.length / 2; index++) {
    if (isInside(points[2 * index] as number, points[2 * index + 1] as number, polygon)) found.push(index)
  }
  return found
}

function isInside(x: number, y: number, polygon: readonly Point[]): boolean {
  let isOdd = false
  polygon.forEach((a, index) => {
    const b = polygon[(index + 1) % polygon.length] as Point
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) isOdd = !isOdd
  })
  return isOdd
}

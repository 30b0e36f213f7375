// Ink of a pen on a fine grid: what is drawn, before it becomes an image of the size that models take.

/** Of an image, or of a grid of ink. */
export interface Size {
  width: number
  height: number
}

/** Ink, 0 to 1, on a grid, row after row. */
export interface Ink extends Size {
  values: Float32Array
}

/** In pixels of the drawing pad, of which it has as many as an image; thickness is the pen's diameter. */
export interface Stroke {
  points: { x: number; y: number }[]
  thickness: number
}

/** Values of the fine grid along a pixel of the pad. */
export const FINENESS = 4

/** For an image of this size. */
export function blankInk({ width, height }: Size): Ink {
  const fine = { width: width * FINENESS, height: height * FINENESS }
  return { ...fine, values: new Float32Array(fine.width * fine.height) }
}

export function copyInk(ink: Ink): Ink {
  return { ...ink, values: ink.values.slice() }
}

/** The ink of an image of this size, 0 to 1. */
export function inkOf(image: Float32Array, size: Size): Ink {
  const ink = blankInk(size)
  const pixelOf = (place: number) => Math.floor(place / FINENESS)
  ink.values.forEach((_, index) => {
    const pixel = pixelOf(Math.floor(index / ink.width)) * size.width + pixelOf(index % ink.width)
    ink.values[index] = image[pixel] as number
  })
  return ink
}

/** Lays the stroke over the ink, smoothed. */
export function layStroke(ink: Ink, { points, thickness }: Stroke): void {
  const line = smoothed(points)
  line.forEach((point, index) => laySegment(ink, line[index - 1] ?? point, point, thickness))
}

/** The curve whose pieces are quadratic Bézier curves between the middles of neighbouring points, with these as their control points. */
export function smoothed(points: Stroke['points']): Stroke['points'] {
  if (points.length < 3) return points
  const middle = (index: number) => between(points[index] as Point, points[index + 1] as Point, 0.5)
  const curve = points.slice(1, -1).flatMap((control, index) => {
    const [start, end] = [middle(index), middle(index + 1)]
    const steps = Math.max(1, Math.ceil(distance(start, end) / 0.5))
    return Array.from({ length: steps }, (_, step) => {
      const share = (step + 1) / steps
      return between(between(start, control, share), between(control, end, share), share)
    })
  })
  return [points[0] as Point, middle(0), ...curve, points[points.length - 1] as Point]
}

type Point = Stroke['points'][number]

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + share * (b.x - a.x),
  y: a.y + share * (b.y - a.y)
})
const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)

/** A round pen from one point to another: full ink inside its edge, which fades over one value of the grid. */
function laySegment({ width, height, values }: Ink, a: Point, b: Point, thickness: number): void {
  const radius = (thickness * FINENESS) / 2
  const [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map((value) => value * FINENESS) as [number, number, number, number]
  const reach = radius + 1
  const range = (from: number, to: number, most: number) =>
    [
      Math.max(0, Math.floor(Math.min(from, to) - reach)),
      Math.min(most, Math.ceil(Math.max(from, to) + reach))
    ] as const
  const [[left, right], [top, bottom]] = [range(ax, bx, width), range(ay, by, height)]
  const square = (bx - ax) ** 2 + (by - ay) ** 2
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay]
      const share = square === 0 ? 0 : Math.max(0, Math.min(1, (px * (bx - ax) + py * (by - ay)) / square))
      const away = Math.hypot(px - share * (bx - ax), py - share * (by - ay))
      const value = Math.max(0, Math.min(1, radius - away + 0.5))
      if (value > (values[y * width + x] as number)) values[y * width + x] = value
    }
  }
}

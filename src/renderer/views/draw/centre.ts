// A drawing as an image of the size that models take, alone or size-normalized and centred as MNIST's digits are.
import type { Ink } from './strokes'

/** A digit of MNIST fits a box of this many pixels in an image of 28. */
const BOX = 20 / 28
/** Sums of float32 that should be whole are a little less. */
const ROUNDING = 1e-6

/** The ink on a coarser grid of `side` pixels: means over the values of each. `ink.side` is a multiple of it. */
export function shrink(ink: Ink, side: number): Float32Array {
  return resample(ink, { left: 0, top: 0, width: ink.side, height: ink.side }, side, {
    x: 0,
    y: 0,
    scale: side / ink.side
  })
}

/**
 * The drawing in an image of `side` pixels, 0 to 1, as the page of MNIST tells (LeCun, Cortes, Burges, yann.lecun.com/exdb/mnist):
 * scaled with its aspect ratio so that it fits a box of 20 × 20 pixels, then moved so that its centre of mass is the centre of the
 * 28 × 28. MNIST's own images show how: by whole pixels, so that it lies in pixel 14 of each axis, counted from 0. Other sizes in
 * proportion. Nothing but zeros where there is no ink.
 */
export function centred(ink: Ink, side: number): Float32Array {
  const box = inkBox(ink)
  if (!box) return new Float32Array(side * side)
  const scale = (BOX * side) / Math.max(box.width, box.height)
  const mass = centreOfMass(ink)
  const place = (start: number, middle: number) =>
    Math.floor(side / 2) - Math.floor((middle - start) * scale + ROUNDING) - start * scale
  return resample(ink, box, side, { x: place(box.left, mass.x), y: place(box.top, mass.y), scale })
}

/** Least box around all ink, in values of the grid; null where there is none. */
export function inkBox({ side, values }: Ink): Box | null {
  let [left, top, right, bottom] = [side, side, -1, -1]
  values.forEach((value, index) => {
    if (value <= 0) return
    const [x, y] = [index % side, Math.floor(index / side)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** In the grid's own values, whose first is at 0.5. */
export function centreOfMass({ side, values }: Ink): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0]
  values.forEach((value, index) => {
    sum += value
    x += value * ((index % side) + 0.5)
    y += value * (Math.floor(index / side) + 0.5)
  })
  return sum > 0 ? { x: x / sum, y: y / sum } : { x: side / 2, y: side / 2 }
}

/** Spreads each value of the box over the pixels that it covers once it is scaled and moved: exact means, no samples. */
function resample(ink: Ink, box: Box, side: number, to: { x: number; y: number; scale: number }): Float32Array {
  const image = new Float32Array(side * side)
  for (let y = box.top; y < box.top + box.height; y++) {
    const rows = covered(to.y + y * to.scale, to.y + (y + 1) * to.scale, side)
    for (let x = box.left; x < box.left + box.width; x++) {
      const value = ink.values[y * ink.side + x] as number
      if (value <= 0) continue
      const columns = covered(to.x + x * to.scale, to.x + (x + 1) * to.scale, side)
      for (const [row, height] of rows)
        for (const [column, width] of columns)
          image[row * side + column] = (image[row * side + column] as number) + value * height * width
    }
  }
  return image.map((value) => Math.min(1, value))
}

/** The pixels that a stretch covers, each with how much of it. */
function covered(start: number, end: number, side: number): [number, number][] {
  const pixels: [number, number][] = []
  for (let pixel = Math.max(0, Math.floor(start)); pixel < Math.min(side, end); pixel++) {
    pixels.push([pixel, Math.min(end, pixel + 1) - Math.max(start, pixel)])
  }
  return pixels
}

// A drawing as an image of the size that models take, alone or size-normalized and centred as MNIST's digits are.
import type { Ink, Size } from './strokes'

/** A digit of MNIST fits a box of this many pixels in an image of 28. */
const BOX = 20 / 28
/** Sums of float32 that should be whole are a little less. */
const ROUNDING = 1e-6

/** The ink as an image of this size: means over the values of each pixel. The grid is a multiple of it. */
export function shrink(ink: Ink, size: Size): Float32Array {
  const whole = { left: 0, top: 0, width: ink.width, height: ink.height }
  return resample(ink, whole, size, { x: 0, y: 0, scale: size.width / ink.width })
}

/**
 * The drawing in an image of this size, 0 to 1, as the page of MNIST tells (LeCun, Cortes, Burges, yann.lecun.com/exdb/mnist):
 * scaled with its aspect ratio so that it fits a box of 20 × 20 pixels, then moved so that its centre of mass is the centre of the
 * 28 × 28. MNIST's own images show how: by whole pixels, so that it lies in pixel 14 of each axis, counted from 0. Other sizes in
 * proportion. Nothing but zeros where there is no ink.
 */
export function centred(ink: Ink, size: Size): Float32Array {
  const box = inkBox(ink)
  const { width, height } = size
  if (!box) return new Float32Array(width * height)
  const scale = BOX * Math.min(width / box.width, height / box.height)
  const mass = centreOfMass(ink)
  const place = (pixels: number, start: number, middle: number) =>
    Math.floor(pixels / 2) - Math.floor((middle - start) * scale + ROUNDING) - start * scale
  const to = { x: place(width, box.left, mass.x), y: place(height, box.top, mass.y), scale }
  return resample(ink, box, size, to)
}

/** Least box around all ink, in values of the grid; null where there is none. */
export function inkBox({ width, height, values }: Ink): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  values.forEach((value, index) => {
    if (value <= 0) return
    const [x, y] = [index % width, Math.floor(index / width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

interface Box extends Size {
  left: number
  top: number
}

/** In the grid's own values, whose first is at 0.5. */
export function centreOfMass({ width, height, values }: Ink): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0]
  values.forEach((value, index) => {
    sum += value
    x += value * ((index % width) + 0.5)
    y += value * (Math.floor(index / width) + 0.5)
  })
  return sum > 0 ? { x: x / sum, y: y / sum } : { x: width / 2, y: height / 2 }
}

/** Spreads each value of the box over the pixels that it covers once it is scaled and moved: exact means, no samples. */
function resample(ink: Ink, box: Box, size: Size, to: { x: number; y: number; scale: number }): Float32Array {
  const image = new Float32Array(size.width * size.height)
  for (let y = box.top; y < box.top + box.height; y++) {
    const rows = covered(to.y + y * to.scale, to.y + (y + 1) * to.scale, size.height)
    for (let x = box.left; x < box.left + box.width; x++) {
      const value = ink.values[y * ink.width + x] as number
      if (value <= 0) continue
      const columns = covered(to.x + x * to.scale, to.x + (x + 1) * to.scale, size.width)
      for (const [row, height] of rows)
        for (const [column, width] of columns)
          image[row * size.width + column] = (image[row * size.width + column] as number) + value * height * width
    }
  }
  return image.map((value) => Math.min(1, value))
}

/** The pixels that a stretch covers, each with how much of it. */
function covered(start: number, end: number, most: number): [number, number][] {
  const pixels: [number, number][] = []
  for (let pixel = Math.max(0, Math.floor(start)); pixel < Math.min(most, end); pixel++) {
    pixels.push([pixel, Math.min(end, pixel + 1) - Math.max(start, pixel)])
  }
  return pixels
}

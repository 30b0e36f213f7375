// Codes along a straight line and over a grid.
import { codesAt } from '@shared/code-plane'
import type { CodeMap } from '../../models/code-map'
import { imageBytes } from '../../components/image-bytes'
import { spanOf } from './plane-view'

/** Codes [steps × units] from the first of two codes [2 × units] to the second, both included. */
export function morphCodes(ends: Float32Array, steps: number): Float32Array {
  const units = ends.length / 2
  return Float32Array.from({ length: steps * units }, (_, index) => {
    const share = Math.floor(index / units) / (steps - 1)
    const [from, to] = [ends[index % units] as number, ends[(index % units) + units] as number]
    return from + share * (to - from)
  })
}

/** Codes [rows × columns × units] of a grid over the plane, the top row first, from the first to the last hundredth of the points on each axis. */
export function gridCodes({ plane, points }: CodeMap, columns: number, rows: number): Float32Array {
  const [x, y] = [spanOf(points, 0, 0.01), spanOf(points, 1, 0.01)]
  const places = new Float32Array(2 * rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * (row * columns + column)
      places[at] = x.low + ((x.high - x.low) * (column + 0.5)) / columns
      places[at + 1] = y.high - ((y.high - y.low) * (row + 0.5)) / rows
    }
  }
  return codesAt(plane, places)
}

/** Images of `size` pixels, 0 to 1, one after another, each in the bytes that are drawn. */
export function splitImages(images: Float32Array, size: number): Uint8Array[] {
  return Array.from({ length: images.length / size }, (_, index) =>
    imageBytes(images.subarray(index * size, (index + 1) * size))
  )
}

// The probes and what a model makes of them as one picture: ten a row, reconstructions below their originals.
import { encode } from 'fast-png'
import { PROBE_COUNT } from '@shared/run'

export interface Png {
  width: number
  height: number
  content: Uint8Array
}

interface ImageSize {
  rows: number
  columns: number
}

const PROBES_A_ROW = 10

/** `originals` (null: left out) and `reconstructions`: [20 × pixels] uint8, shown as they are, without a gap between them. */
export function probesPng(size: ImageSize, originals: Uint8Array | null, reconstructions: Uint8Array): Png {
  const kinds = originals ? [originals, reconstructions] : [reconstructions]
  const { rows, columns } = size
  const width = PROBES_A_ROW * columns
  const height = (PROBE_COUNT / PROBES_A_ROW) * kinds.length * rows
  const data = new Uint8Array(width * height)
  kinds.forEach((images, kind) => {
    for (let probe = 0; probe < PROBE_COUNT; probe++) {
      const band = Math.floor(probe / PROBES_A_ROW) * kinds.length + kind
      const place = band * rows * width + (probe % PROBES_A_ROW) * columns
      for (let row = 0; row < rows; row++) {
        const from = (probe * rows + row) * columns
        data.set(images.subarray(from, from + columns), place + row * width)
      }
    }
  })
  return { width, height, content: encode({ width, height, data, channels: 1, depth: 8 }) }
}

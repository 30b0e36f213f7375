// Chunks of batches, and of images to answer to: a unit of work each, and what the kernels need to know of it.
import { STEP_STRIDE } from './wgsl-kernels'

export interface Piece {
  /** Its first image's place in the order. */
  first: number
  count: number
  /** Images of its batch. */
  whole: number
  begins: boolean
  ends: boolean
}

/** So many images in a row, `rows` in each piece but the last. */
export function piecesOf(images: number, rows: number): Piece[] {
  return Array.from({ length: Math.ceil(images / rows) }, (_, index) => {
    const first = index * rows
    return { first, count: Math.min(rows, images - first), whole: 1, begins: true, ends: true }
  })
}

/** Batches in a row, each in chunks. */
export function batchesOf(images: number, batchSize: number, chunk: number): Piece[] {
  return piecesOf(images, batchSize).flatMap(({ first, count }) =>
    piecesOf(count, chunk).map((piece) => ({
      ...piece,
      first: first + piece.first,
      whole: count,
      begins: piece.first === 0,
      ends: piece.first + piece.count === count
    }))
  )
}

/** The kernels' Step of each piece. */
export function stepsOf(pieces: readonly Piece[], pixels: number, keeps: boolean): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array((pieces.length * STEP_STRIDE) / 4)
  const floats = new Float32Array(words.buffer)
  pieces.forEach(({ first, count, whole, begins, ends }, slot) => {
    const at = (slot * STEP_STRIDE) / 4
    const start = first - (pieces[0]?.first ?? 0)
    words.set([start, count, slot, Number(begins), Number(ends), Number(keeps)], at)
    floats[at + 6] = 1 / (whole * pixels)
  })
  return words
}

/** Their indices, in memory of their own. */
export function indicesOf(pieces: readonly Piece[], order: Int32Array): Int32Array<ArrayBuffer> {
  const [first, last] = [pieces[0], pieces.at(-1)]
  return Int32Array.from(order.subarray(first?.first, last && last.first + last.count))
}

/** Mean losses of the batches that are whole, [batches × models], from the parts of their pieces: [pieces × models]. */
export function lossesOf(pieces: readonly Piece[], parts: readonly number[], models: number): Float32Array {
  const losses = new Float32Array(pieces.filter(({ ends }) => ends).length * models)
  let batch = 0
  pieces.forEach(({ ends }, piece) => {
    const row = losses.subarray(batch * models, (batch + 1) * models)
    row.forEach((sum, model) => (row[model] = sum + (parts[piece * models + model] ?? 0)))
    batch += Number(ends)
  })
  return losses
}

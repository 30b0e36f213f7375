// Numbers of arrays and tables as pixels: which scale they have, and the refusal of what is none.
import { badData } from './read-images'

/** From this greatest value on numbers are taken for bytes as they are. */
const BYTE_SCALE_FROM = 128

/** The least and the greatest of the values seen; whether all were whole, and numbers at all. */
export interface ValueRange {
  least: number
  greatest: number
  whole: boolean
  numbers: boolean
}

/** The range of `values`. */
export function rangeOf(values: Uint8Array | Float32Array): ValueRange {
  let [least, greatest, whole, numbers] = [Infinity, -Infinity, true, true]
  for (const value of values) {
    if (value < least) least = value
    if (value > greatest) greatest = value
    if (value % 1 !== 0) whole = false
    if (Number.isNaN(value)) numbers = false
  }
  return { least, greatest, whole, numbers }
}

/** The range of both. */
export function joinedRange(a: ValueRange, b: ValueRange): ValueRange {
  return {
    least: Math.min(a.least, b.least),
    greatest: Math.max(a.greatest, b.greatest),
    whole: a.whole && b.whole,
    numbers: a.numbers && b.numbers
  }
}

export interface ValueScale {
  /** By what a value is multiplied. */
  factor: number
  /** As a sentence; empty where values are bytes already. */
  note: string
}

/** How values of this range become 0 to 255. Throws LabError `bad-file` where they can't. */
export function scaleOf({ least, greatest, whole, numbers }: ValueRange, path: string): ValueScale {
  if (!numbers || least < 0 || greatest > 255) {
    const found = numbers ? `values from ${least} to ${greatest}` : 'values that are no numbers'
    throw badData(path, found, 'values from 0 to 255, or from 0 to 1', 'Scale the values so, then add the data again')
  }
  if (greatest === 0) throw badData(path, 'images that are all black', 'values from 0 to 255, or from 0 to 1')
  if (greatest <= 1) return { factor: 255, note: 'Values from 0 to 1 become 0 to 255' }
  if (greatest >= BYTE_SCALE_FROM) return { factor: 1, note: whole ? '' : 'Values are rounded to whole numbers' }
  return { factor: 255 / greatest, note: `Values from 0 to ${greatest} become 0 to 255` }
}

/** Values as bytes by a scale; bytes that are to stay come back as they are. */
export function toBytes(values: Uint8Array | Float32Array, { factor }: ValueScale): Uint8Array {
  if (values instanceof Uint8Array && factor === 1) return values
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round((values[i] as number) * factor)
  return bytes
}

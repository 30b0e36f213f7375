// NumPy's .npy format, version 1 to 3, of whole and real numbers: its header, and its values as they come in.
// Source: numpy.lib.format, "NPY format specification".
import { badData } from './read-images'

export interface NpyHeader {
  /** Values a dimension, outermost first. */
  shape: number[]
  count: number
  bytesAValue: number
  /** Values are bytes without sign. */
  isByte: boolean
  /** Bytes of the header: the values begin there. */
  length: number
  read(view: DataView, offset: number): number
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
/** What NumPy itself refuses to read unasked. */
const LONGEST_HEADER = 10_000

type Read = NpyHeader['read']
/** By the letter and size of NumPy's dtype. Long integers lose nothing: greater ones than 255 are refused later. */
const types: Readonly<Record<string, (isLittle: boolean) => Read>> = {
  b1: () => (view, at) => view.getUint8(at),
  u1: () => (view, at) => view.getUint8(at),
  i1: () => (view, at) => view.getInt8(at),
  u2: (isLittle) => (view, at) => view.getUint16(at, isLittle),
  i2: (isLittle) => (view, at) => view.getInt16(at, isLittle),
  u4: (isLittle) => (view, at) => view.getUint32(at, isLittle),
  i4: (isLittle) => (view, at) => view.getInt32(at, isLittle),
  u8: (isLittle) => (view, at) => Number(view.getBigUint64(at, isLittle)),
  i8: (isLittle) => (view, at) => Number(view.getBigInt64(at, isLittle)),
  f4: (isLittle) => (view, at) => view.getFloat32(at, isLittle),
  f8: (isLittle) => (view, at) => view.getFloat64(at, isLittle)
}

/** The header at the beginning of `bytes`; null while they do not hold all of it. Throws LabError `bad-file`. */
export function readNpyHeader(bytes: Uint8Array, path: string): NpyHeader | null {
  if (bytes.length < 12) return null
  const refuse = (found: string, expected: string, remedy?: string) => badData(path, found, expected, remedy)
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) throw refuse('no NumPy array', 'a .npy array')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const major = bytes[6] as number
  if (major < 1 || major > 3) throw refuse(`.npy version ${major}`, 'version 1 to 3')
  const [start, size] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  if (size > LONGEST_HEADER) throw refuse(`a header of ${size} bytes`, `at most ${LONGEST_HEADER} bytes`)
  if (bytes.length < start + size) return null
  const text = Buffer.from(bytes.subarray(start, start + size)).toString('latin1')
  const dtype = /'descr'\s*:\s*'([^']{1,20})'/.exec(text)?.[1] ?? ''
  const shape = /'shape'\s*:\s*\(([\d,\sL]{0,200})\)/.exec(text)?.[1]
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1]
  const type = types[dtype.slice(1)]
  if (!type || !/^[<>|=]/.test(dtype)) {
    throw refuse(
      `values of dtype ${dtype || 'unknown'}`,
      'uint8, or another whole or real number',
      'Save the array as uint8'
    )
  }
  if (shape === undefined || order === undefined)
    throw refuse('a header that can’t be understood', 'descr, shape and fortran_order')
  if (order === 'True') throw refuse('an array in Fortran order', 'C order', 'Save numpy.ascontiguousarray(array)')
  const sizes = shape.split(',').map((part) => part.trim()).filter(Boolean).map((part) => Number.parseInt(part, 10)) // prettier-ignore
  const count = sizes.reduce((product, side) => product * side, 1)
  if (!Number.isSafeInteger(count)) throw refuse(`shape (${sizes.join(', ')})`, 'an array that fits into memory')
  return {
    shape: sizes,
    count,
    bytesAValue: Number(dtype.slice(2)),
    isByte: /[ub]1$/.test(dtype),
    length: start + size,
    read: type(dtype[0] !== '>')
  }
}

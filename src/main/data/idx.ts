// A strict reader of IDX files (the format of MNIST) holding bytes. Nothing is allocated before the header agrees with the
// file's length; every refusal names the file, what was found and what was expected.
import { createHash } from 'node:crypto'
import type { LabError } from '@shared/errors'
import { notUsable, readInto, withRegularFile, type FileKind } from '../system/regular-file'

/** Magic: two zero bytes, the type (0x08: unsigned bytes), the number of dimensions. Sizes follow, big-endian, 4 bytes each. */
const TYPE_UINT8 = 0x08
const MAX_VALUES = 2 ** 30
const CHUNK_BYTES = 2 ** 20

const DATA_FILE: FileKind = {
  what: 'The data file',
  remedy: 'Install the application again, or put the four uncompressed MNIST files into the data folder',
  missingRemedy:
    'Install the application again, or let BOTTLENECK_LAB_DATA name the folder of the four uncompressed MNIST files'
}

export interface IdxFile {
  path: string
  /** Values a dimension, outermost first, e.g. [60000, 28, 28]. */
  sizes: number[]
  /** All values, on a SharedArrayBuffer: worker threads see them without a copy. */
  values: Uint8Array
  /** SHA-256 of the whole file, header included, in hex. */
  sha256: string
}

/** Reads a file of unsigned bytes with `dimensions` dimensions; `kind` speaks of it in errors of the file system. Throws LabError `not-found` or `bad-file`. */
export async function readIdx(path: string, dimensions: number, kind = DATA_FILE): Promise<IdxFile> {
  return withRegularFile(path, kind, async (file, bytes) => {
    const header = await readHeader(file, path, bytes, dimensions)
    const values = new Uint8Array(new SharedArrayBuffer(header.count))
    const hash = createHash('sha256').update(header.bytes)
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, header.count))
    for (let read = 0; read < header.count; read += chunk.length) {
      const part = chunk.subarray(0, header.count - read)
      const filled = await readInto(file, part, header.bytes.length + read)
      if (filled < part.length)
        throw wrongLength(path, header.bytes.length + read + filled, header.bytes.length + header.count)
      hash.update(part)
      values.set(part, read)
    }
    return { path, sizes: header.sizes, values, sha256: hash.digest('hex') }
  })
}

/** Checks the header against the length of the file without reading the values; answers with the sizes. */
export async function readIdxSizes(path: string, dimensions: number): Promise<number[]> {
  return withRegularFile(
    path,
    DATA_FILE,
    async (file, bytes) => (await readHeader(file, path, bytes, dimensions)).sizes
  )
}

/** The LabError for a file that is not what it should be. */
export function badFile(path: string, found: string, expected: string): LabError {
  return notUsable(path, DATA_FILE, found, expected)
}

async function readHeader(file: number, path: string, fileBytes: number, dimensions: number) {
  const bytes = Buffer.alloc(4 + 4 * dimensions)
  if ((await readInto(file, bytes, 0)) < bytes.length) {
    throw badFile(path, `a file of ${fileBytes} bytes`, `a header of ${bytes.length} bytes and data after it`)
  }
  checkMagic(path, bytes, dimensions)
  const sizes = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i))
  const count = sizes.reduce((product, size) => product * size, 1)
  if (count < 1 || count > MAX_VALUES) {
    throw badFile(path, `sizes ${sizes.join(' × ')} in its header`, `1 to ${MAX_VALUES.toLocaleString('en-US')} values`)
  }
  if (fileBytes !== bytes.length + count) throw wrongLength(path, fileBytes, bytes.length + count)
  return { bytes, sizes, count }
}

function checkMagic(path: string, header: Buffer, dimensions: number): void {
  const expected = Buffer.from([0, 0, TYPE_UINT8, dimensions])
  const found = header.subarray(0, 4)
  if (found.equals(expected)) return
  const compressed = found[0] === 0x1f && found[1] === 0x8b ? ' (a gzip file)' : ''
  throw badFile(
    path,
    `a file that begins with ${hex(found)}${compressed}`,
    `${hex(expected)} (IDX, unsigned bytes, ${dimensions === 1 ? '1 dimension' : `${dimensions} dimensions`})`
  )
}

function wrongLength(path: string, found: number, expected: number): LabError {
  return badFile(
    path,
    `${found.toLocaleString('en-US')} bytes`,
    `${expected.toLocaleString('en-US')} bytes by its header`
  )
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

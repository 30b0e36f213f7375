// A strict reader of IDX files (the format of MNIST) holding bytes. Nothing is allocated before the header agrees with the
// file's length; every refusal names the file, what was found and what was expected.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { LabError } from '@shared/errors'

/** Magic: two zero bytes, the type (0x08: unsigned bytes), the number of dimensions. Sizes follow, big-endian, 4 bytes each. */
const TYPE_UINT8 = 0x08
const MAX_VALUES = 2 ** 30
const CHUNK_BYTES = 2 ** 20

export interface IdxFile {
  path: string
  /** Values a dimension, outermost first, e.g. [60000, 28, 28]. */
  sizes: number[]
  /** All values, on a SharedArrayBuffer: worker threads see them without a copy. */
  values: Uint8Array
  /** SHA-256 of the whole file, header included, in hex. */
  sha256: string
}

/** Reads a file of unsigned bytes with `dimensions` dimensions. Throws LabError `not-found` or `bad-file`. */
export async function readIdx(path: string, dimensions: number): Promise<IdxFile> {
  return withRegularFile(path, async (file, bytes) => {
    const header = await readHeader(file, path, bytes, dimensions)
    const values = new Uint8Array(new SharedArrayBuffer(header.count))
    const hash = createHash('sha256').update(header.bytes)
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, header.count))
    for (let read = 0; read < header.count;) {
      const wanted = Math.min(chunk.length, header.count - read)
      const { bytesRead } = await file.read(chunk, 0, wanted, header.bytes.length + read)
      if (bytesRead === 0) throw wrongLength(path, header.bytes.length + read, header.bytes.length + header.count)
      const part = chunk.subarray(0, bytesRead)
      hash.update(part)
      values.set(part, read)
      read += bytesRead
    }
    return { path, sizes: header.sizes, values, sha256: hash.digest('hex') }
  })
}

/** Checks the header against the length of the file without reading the values; answers with the sizes. */
export async function readIdxSizes(path: string, dimensions: number): Promise<number[]> {
  return withRegularFile(path, async (file, bytes) => (await readHeader(file, path, bytes, dimensions)).sizes)
}

/** The LabError for a file that is not what it should be. */
export function badFile(path: string, found: string, expected: string): LabError {
  return new LabError('bad-file', `The data file ${path} is not usable`, {
    found,
    expected,
    remedy: 'Install the application again, or put the four uncompressed MNIST files into the data folder'
  })
}

async function withRegularFile<T>(path: string, use: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const file = await openToRead(path)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw badFile(path, 'something that is no regular file', 'a regular file')
    return await use(file, stats.size)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw badFile(path, `an error while reading it (${codeOf(error)})`, 'a readable file')
  } finally {
    await file.close()
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    // O_NONBLOCK: opening a named pipe would otherwise wait for a writer. Windows has no such flag.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      throw badFile(path, `an error while opening it (${codeOf(error)})`, 'a readable file')
    throw new LabError('not-found', `The data file ${path} is missing`, {
      remedy:
        'Install the application again, or let BOTTLENECK_LAB_DATA name the folder of the four uncompressed MNIST files'
    })
  }
}

async function readHeader(file: FileHandle, path: string, fileBytes: number, dimensions: number) {
  const bytes = Buffer.alloc(4 + 4 * dimensions)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  if (bytesRead < bytes.length) {
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

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

// Reads ZIP files that others may have made (APPNOTE 6.3.10): by the central directory alone, all of it bounded and checked before anything is unpacked.
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import { formatBytes, formatCount } from '@shared/format'
import { notRead, notUsable, readInto, type FileKind } from './regular-file'
import { systemCode } from './system-error'

export interface ZipEntry {
  name: string
  /** Of its content, as the directory declares it, and as it lies in the file. */
  bytes: number
  packedBytes: number
  crc32: number
  isDeflated: boolean
  /** Whether it would be unpacked as a symbolic link or a device. */
  isSpecial: boolean
  /** Where its content begins in the file. */
  start: number
}

const END = 0x06054b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const CENTRAL = 0x02014b50
const CENTRAL_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
/** Where a size stands in a ZIP64 record, or a number of entries does. */
const [ELSEWHERE, ELSEWHERE_COUNT] = [0xffffffff, 0xffff]
const ENCRYPTED = 1
const [STORED, DEFLATED] = [0, 8]
const UNIX = 3
const [KIND_OF_FILE, REGULAR, FOLDER] = [0o170000, 0o100000, 0o040000]
const PIECE_BYTES = 2 ** 16
const MOST_ENTRIES = 4096
const MOST_DIRECTORY_BYTES = 2 ** 20

/** Of an open file: its descriptor and bytes; `path` and `kind` are for the errors. */
export interface OpenZip {
  file: number
  bytes: number
  path: string
  kind: FileKind
}

/**
 * The entries in the order in which they lie in the file, no two of them on the same bytes, so that together they are no longer than it.
 * Throws LabError `bad-file` where the file is no ZIP, is cut off, or needs what is not supported: encryption, ZIP64, other methods.
 */
export async function readZipDirectory(zip: OpenZip): Promise<ZipEntry[]> {
  const { count, size, start } = await findDirectory(zip)
  const directory = Buffer.alloc(size)
  if ((await readInto(zip.file, directory, start)) < size) throw damaged(zip, 'a directory that is cut off')
  const entries: (Omit<ZipEntry, 'start'> & { local: number })[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > size || directory.readUInt32LE(at) !== CENTRAL) throw damaged(zip, 'a damaged directory')
    const [nameBytes, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [number, number, number] // prettier-ignore
    const next = at + CENTRAL_BYTES + nameBytes + extra + comment
    if (next > size) throw damaged(zip, 'a damaged directory')
    entries.push(entryOf(zip, directory.subarray(at, at + CENTRAL_BYTES + nameBytes)))
    at = next
  }
  return placed(zip, entries, start)
}

async function findDirectory(zip: OpenZip): Promise<{ count: number; size: number; start: number }> {
  const tail = Buffer.alloc(Math.min(zip.bytes, END_BYTES + LONGEST_COMMENT))
  const from = zip.bytes - tail.length
  await readInto(zip.file, tail, from)
  let at = tail.length - END_BYTES
  while (at >= 0 && (tail.readUInt32LE(at) !== END || at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length)) at--
  if (at < 0) {
    const head = Buffer.alloc(4)
    await readInto(zip.file, head, 0)
    throw damaged(zip, head.readUInt32LE() === LOCAL ? 'a file that ends too early' : 'no ZIP file')
  }
  const [count, size, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)]
  if (count === ELSEWHERE_COUNT || start === ELSEWHERE) throw notUsable(zip.path, zip.kind, 'a ZIP64 file', 'one below 4 GB') // prettier-ignore
  if (tail.readUInt32LE(at + 4) !== 0 || start + size > from + at) throw damaged(zip, 'a part of a file')
  if (count > MOST_ENTRIES || size > MOST_DIRECTORY_BYTES) {
    throw notUsable(zip.path, zip.kind, `${formatCount(count)} entries`, `at most ${formatCount(MOST_ENTRIES)}`)
  }
  return { count, size, start }
}

function entryOf(zip: OpenZip, header: Buffer): Omit<ZipEntry, 'start'> & { local: number } {
  const [system, flags, method] = [header.readUInt8(5), header.readUInt16LE(8), header.readUInt16LE(10)]
  const [crc32, packedBytes, bytes] = [16, 20, 24].map((field) => header.readUInt32LE(field)) as [number, number, number] // prettier-ignore
  const local = header.readUInt32LE(42)
  const name = header.toString('utf8', CENTRAL_BYTES)
  const refuse = (found: string, expected: string) => notUsable(zip.path, zip.kind, `${found}, ${name}`, expected)
  if ((flags & ENCRYPTED) !== 0) throw refuse('an encrypted entry', 'none')
  if (method !== STORED && method !== DEFLATED) throw refuse(`the method ${method} of an entry`, 'stored or deflated')
  if ([packedBytes, bytes, local].includes(ELSEWHERE)) throw refuse('an entry of 4 GB or more', 'one below 4 GB')
  if (method === STORED && bytes !== packedBytes) throw refuse('an entry of two sizes', 'one size')
  const kind = system === UNIX ? header.readUInt16LE(40) & KIND_OF_FILE : 0
  return { name, bytes, packedBytes, crc32, isDeflated: method === DEFLATED, isSpecial: ![0, REGULAR, FOLDER].includes(kind), local } // prettier-ignore
}

/** With where each begins, by its local header, which must bear the same name. */
async function placed(
  zip: OpenZip,
  entries: readonly (Omit<ZipEntry, 'start'> & { local: number })[],
  end: number
): Promise<ZipEntry[]> {
  const result: ZipEntry[] = []
  const inOrder = [...entries].sort((a, b) => a.local - b.local)
  for (const [index, { local, ...entry }] of inOrder.entries()) {
    const name = Buffer.from(entry.name)
    const header = Buffer.alloc(LOCAL_BYTES + name.length)
    await readInto(zip.file, header, local)
    const isSame = header.readUInt32LE(0) === LOCAL && header.readUInt16LE(26) === name.length
    if (!isSame || !header.subarray(LOCAL_BYTES).equals(name)) throw damaged(zip, `an entry that is not there, ${entry.name}`) // prettier-ignore
    const start = local + header.length + header.readUInt16LE(28)
    const next = inOrder[index + 1]?.local ?? end
    if (start + entry.packedBytes > next) throw damaged(zip, `entries that overlap, ${entry.name}`)
    result.push({ ...entry, start })
  }
  return result
}

/** The content of an entry, piece by piece. Throws LabError `bad-file` as soon as it is longer than declared, and where it is shorter or damaged. */
export async function* unzipped(zip: OpenZip, entry: ZipEntry): AsyncGenerator<Buffer> {
  const { bytes, isDeflated, name } = entry
  let seen = 0
  for await (const piece of isDeflated ? inflated(zip, entry) : packed(zip, entry)) {
    seen += piece.length
    if (seen > bytes) throw damaged(zip, `more of ${name} than the ${formatBytes(bytes)} that it declares`)
    yield piece
  }
  if (seen < bytes) throw damaged(zip, `less of ${name} than the ${formatBytes(bytes)} that it declares`)
}

async function* inflated(zip: OpenZip, entry: ZipEntry): AsyncGenerator<Buffer> {
  const source = Readable.from(packed(zip, entry), { highWaterMark: 1 })
  const content = source.pipe(createInflateRaw())
  source.once('error', (error) => content.destroy(error))
  try {
    yield* content as AsyncIterable<Buffer>
  } catch (error) {
    throw systemCode(error).startsWith('Z_') ? damaged(zip, `a damaged entry, ${entry.name}`) : error
  } finally {
    source.destroy()
    await finished(source).catch(() => undefined) // the file is closed next, which may not be read then
  }
}

async function* packed({ file, path, kind }: OpenZip, { start, packedBytes }: ZipEntry): AsyncGenerator<Buffer> {
  for (let position = 0; position < packedBytes; position += PIECE_BYTES) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, packedBytes - position))
    const read = await readInto(file, piece, start + position).catch((error: unknown) => {
      throw notRead(path, kind, error)
    })
    yield piece.subarray(0, read)
    if (read < piece.length) return
  }
}

const damaged = ({ path, kind }: OpenZip, found: string) => notUsable(path, kind, found, 'a whole file')

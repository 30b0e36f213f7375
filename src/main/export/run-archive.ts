// A run as one file, `.bottleneck`: a ZIP of files of its run folder and, last, a manifest with the SHA-256 of each.
import { createHash } from 'node:crypto'
import { deflateSync, Zip, ZipPassThrough } from 'fflate'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { list, text } from '@shared/run'
import { checkNotCancelled, type ReadTools } from '../data/readers/read-images'
import { readInto, withRegularFile } from '../system/regular-file'

export const MANIFEST = 'manifest.json'
export const ARCHIVE_VERSION = 1
/** A ZIP without ZIP64 ends at 4 GiB; headers take the rest. */
export const MOST_ARCHIVE_BYTES = 2 ** 32 - 2 ** 20

/** An unknown key may stand in it; another version of the format is told before the rest is looked at. */
export const ManifestSchema = v.object({
  format: v.literal('bottleneck-run'),
  version: v.literal(ARCHIVE_VERSION),
  /** The run's id. */
  run: text(200),
  files: list(
    v.object({ name: text(200), bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), sha256: text(64) }),
    4096
  )
})
export type Manifest = v.InferOutput<typeof ManifestSchema>

/** A file of the run folder. */
export interface ArchivedFile {
  /** Below the run folder, with slashes: `weights/0002.safetensors`. */
  name: string
  path: string
  bytes: number
}

const PIECE_BYTES = 2 ** 18
/** What deflates well, to a quarter: weights and PDFs don't. More than that would hold up the process for seconds, and is stored. */
const DEFLATES = /\.(json|bin)$/
const MOST_DEFLATED_BYTES = 2 ** 24
/** The earliest that a ZIP can say, in local time, as ZIP has no other. */
const NO_TIME = new Date(1980, 0, 1)

/**
 * Hands the archive over piece by piece, each once the one before was taken; the same files make the same bytes. Counts the files' bytes.
 * Throws LabError `not-supported` where they are too many for one file, as withRegularFile where one can't be read, `busy` once given up.
 */
export async function writeRunArchive(
  run: string,
  files: readonly ArchivedFile[],
  write: (piece: Uint8Array) => Promise<void>,
  { signal, onProgress }: ReadTools
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total > MOST_ARCHIVE_BYTES) throw tooLarge(total)
  const pieces: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    pieces.push(piece)
  })
  const flush = async () => {
    for (const piece of pieces.splice(0)) await write(piece)
  }
  const described: Manifest['files'] = []
  let done = 0
  for (const { name, path, bytes: expected } of files) {
    const hash = createHash('sha256')
    const isDeflated = DEFLATES.test(name) && expected <= MOST_DEFLATED_BYTES
    const entry = addEntry(zip, name, isDeflated)
    const bytes = await eachPiece(path, isDeflated ? MOST_DEFLATED_BYTES : PIECE_BYTES, async (piece, isLast) => {
      checkNotCancelled(signal)
      hash.update(piece)
      entry.push(piece, isLast)
      await flush()
      onProgress((done += piece.length), total)
    })
    described.push({ name, bytes, sha256: hash.digest('hex') })
  }
  const manifest: Manifest = { format: 'bottleneck-run', version: ARCHIVE_VERSION, run, files: described }
  addEntry(zip, MANIFEST, true).push(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), true)
  zip.end()
  await flush()
}

function addEntry(zip: Zip, name: string, isDeflated: boolean): ZipPassThrough {
  const entry = isDeflated ? new DeflatedEntry(name) : new ZipPassThrough(name)
  entry.mtime = NO_TIME
  zip.add(entry)
  return entry
}

/** Of content that comes in one piece: what fflate 0.8.3 deflates piece by piece may refer to bytes before its beginning, which no reader takes. */
class DeflatedEntry extends ZipPassThrough {
  override compression = 8

  protected override process(piece: Uint8Array, isLast: boolean): void {
    this.ondata(null, deflateSync(piece, { level: 6 }), isLast)
  }
}

async function eachPiece(
  path: string,
  pieceBytes: number,
  use: (piece: Uint8Array, isLast: boolean) => Promise<void>
): Promise<number> {
  return withRegularFile(path, { what: 'The file' }, async (file, bytes) => {
    let position = 0
    do {
      const piece = new Uint8Array(Math.min(pieceBytes, bytes - position))
      if ((await readInto(file, piece, position)) < piece.length) {
        throw new LabError('bad-file', `${path} ended while it was read`)
      }
      position += piece.length
      await use(piece, position === bytes)
    } while (position < bytes)
    return bytes
  })
}

const tooLarge = (bytes: number) =>
  new LabError('not-supported', 'The run is too large for one file', {
    found: formatBytes(bytes),
    expected: `at most ${formatBytes(MOST_ARCHIVE_BYTES)}`,
    remedy: 'Leave out the weights of its epochs, or copy the run folder'
  })

// Unpacks a `.bottleneck` file, which may be anybody's: only names that a run has, no more bytes than declared, each file proved by its digest.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import type { RunFile } from '@shared/run'
import { checkNotCancelled, type ReadTools } from '../data/readers/read-images'
import { freeBytes } from '../system/free-bytes'
import { makeFolder, PRIVATE_FILE } from '../system/make-folder'
import { notUsable, withRegularFile, type FileKind } from '../system/regular-file'
import { unzipped, type OpenZip } from '../system/zip-file'
import { openArchive, WEIGHTS, type Archive, type ArchiveEntry } from './archive-entries'
import { checkRun, problemsOf } from './check-run'
import { checkIsNew, idOf, isTaken, placeRun } from './place-run'
import { resultsDigest } from './run-digest'
import { readRunFile, writeRunFile } from './run-folder'

const ARCHIVE: FileKind = {
  what: 'The file',
  remedy: 'Import a .bottleneck file that Bottleneck Lab wrote, or a run folder'
}

/**
 * Unpacks the run in the file `from` into `runsFolder` and checks it; counts its bytes once for each. Where the very run is there already,
 * answers with its id and `isThere`. Throws LabError `bad-file` where the file is none of ours, damaged, cut off or made to do harm;
 * `not-supported` where a newer version wrote it; `bad-value` where another run of that id is there; `disk-full` or `not-writable`.
 */
export async function importArchive(from: string, runsFolder: string, tools: ReadTools): Promise<ImportedRun> {
  const path = basename(from)
  return withRegularFile(from, ARCHIVE, async (file, bytes) => {
    const archive = await openArchive({ file, bytes, path, kind: ARCHIVE })
    await checkRoom(archive, runsFolder)
    return placeRun(runsFolder, (underWay) =>
      fill(archive, underWay, from, runsFolder, tools).catch((error: unknown) => {
        throw inWordsOf(error, underWay, path)
      })
    )
  })
}

async function fill(
  { zip, entries }: Archive,
  underWay: string,
  from: string,
  runsFolder: string,
  { signal, onProgress }: ReadTools
): Promise<ImportedRun> {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const unpack = (entry: ArchiveEntry) =>
    unpackOne(zip, entry, underWay, signal, (more) => onProgress((done += more), 2 * total))
  const [run, ...others] = entries
  await unpack(run)
  const file = await readRunFile(underWay)
  const id = idOf(file, from)
  const to = join(runsFolder, id)
  if ((await isTaken(to)) && (await holdsSame(to, file))) return { id, problems: [], isThere: true }
  await checkIsNew(from, to, file.experiment.name)
  for (const entry of others) await unpack(entry)
  if (file.weights && !others.some(({ name }) => name.startsWith(WEIGHTS))) await forgetWeights(underWay, file)
  const onChecked = (part: number, all: number) => onProgress(total + (total * part) / all, 2 * total)
  const parts = await checkRun(underWay, { signal, onProgress: onChecked })
  checkNotCancelled(signal)
  onProgress(2 * total, 2 * total)
  return { id, problems: problemsOf(parts) }
}

/** Whether the run that is there has the same results; which weights it keeps, and its name, say nothing of them. */
async function holdsSame(folder: string, file: RunFile): Promise<boolean> {
  const there = await readRunFile(folder).catch(() => null)
  const digest = (one: RunFile) => resultsDigest({ ...one, weights: undefined })
  return there !== null && digest(there) === digest(file)
}

/** A file that was written without the weights of epochs makes a run that keeps none. */
async function forgetWeights(folder: string, { weights: _, ...file }: RunFile): Promise<void> {
  await writeRunFile(folder, file)
}

async function checkRoom({ entries }: Archive, runsFolder: string): Promise<void> {
  const needed = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const free = await freeBytes(runsFolder)
  if (needed <= free) return
  throw new LabError('disk-full', 'The disk has no room for the run', {
    found: `${formatBytes(free)} free`,
    expected: `${formatBytes(needed)}`,
    remedy: 'Free some space, or choose another runs folder in the settings'
  })
}

async function unpackOne(
  zip: OpenZip,
  entry: ArchiveEntry,
  folder: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<void> {
  const path = join(folder, ...entry.name.split('/'))
  const hash = createHash('sha256')
  await makeFolder(dirname(path))
  await pipeline(
    unzipped(zip, entry),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece)
        onBytes(piece.length)
        yield piece
      }
    },
    createWriteStream(path, { flags: 'wx', mode: PRIVATE_FILE }),
    { signal }
  )
  if (hash.digest('hex') === entry.sha256) return
  throw notUsable(zip.path, zip.kind, `another ${entry.name} than was packed`, 'the one that fits its SHA-256')
}

/** The same error in the words of who has the file, and never sees the folder that it is unpacked into. */
function inWordsOf(error: unknown, underWay: string, path: string): unknown {
  if (!(error instanceof LabError)) return error
  const words = (text: string) => text.replaceAll(join(underWay, sep), `${path}: `).replaceAll(underWay, path)
  const { kind, problem, found, expected, remedy } = error.data
  return new LabError(kind, words(problem), { found: words(found), expected: words(expected), remedy })
}

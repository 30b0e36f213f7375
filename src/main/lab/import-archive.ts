// Unpacks a `.bottleneck` file, which may be anybody's: only names that a run has, no more bytes than declared, each file proved by its digest.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as v from 'valibot'
import type { ImportedRun } from '@shared/contract'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import type { RunFile } from '@shared/run'
import { checkNotCancelled, type ReadTools } from '../data/readers/read-images'
import { crc32 } from '../export/crc32'
import { ARCHIVE_VERSION, MANIFEST, ManifestSchema, MOST_ARCHIVE_BYTES, type Manifest } from '../export/run-archive'
import { freeBytes } from '../system/free-bytes'
import { makeFolder, PRIVATE_FILE } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { notUsable, withRegularFile, type FileKind } from '../system/regular-file'
import { readZipDirectory, unzipped, type OpenZip, type ZipEntry } from '../system/zip-file'
import { ANALYSIS_FOLDER } from './analysis-cache'
import { checkRun, problemsOf } from './check-run'
import { checkIsNew, idOf, isTaken, placeRun } from './place-run'
import { resultsDigest } from './run-digest'
import { readRunFile, runFolderFiles, writeRunFile } from './run-folder'

const ARCHIVE: FileKind = {
  what: 'The file',
  remedy: 'Import a .bottleneck file that Bottleneck Lab wrote, or a run folder'
}
const RUN_FILE = 'run.json'
const MOST_MANIFEST_BYTES = 2 ** 20
/** Of run.json and of an analysis; reading them has the same bound. */
const MOST_JSON_BYTES = 16 * 2 ** 20

/** An opened archive whose entries are those of its manifest. */
interface Archive {
  zip: OpenZip
  entries: (ZipEntry & { sha256: string })[]
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
    let imported: ImportedRun | null = null
    await placeRun(runsFolder, async (underWay) => {
      imported = await fill(archive, underWay, from, runsFolder, tools).catch((error: unknown) => {
        throw inWordsOf(error, underWay, path)
      })
      return imported.isThere ? null : imported.id
    })
    return imported as unknown as ImportedRun
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
  const unpack = (entry: Archive['entries'][number]) =>
    unpackOne(zip, entry, underWay, signal, (more) => onProgress((done += more), 2 * total))
  const [run, ...others] = entries as [Archive['entries'][number], ...Archive['entries']]
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

async function openArchive(zip: OpenZip): Promise<Archive> {
  const all = await readZipDirectory(zip)
  const refuse = (found: string, expected: string) => notUsable(zip.path, zip.kind, found, expected)
  for (const entry of all) checkEntry(entry, refuse)
  const byName = new Map(all.map((entry) => [entry.name, entry]))
  const lowered = all.map(({ name }) => name.toLowerCase())
  const twice = all.find(({ name }, index) => lowered.indexOf(name.toLowerCase()) < index)
  if (twice) throw refuse(`two entries named ${twice.name}`, 'one of each name')
  const manifest = await readManifest(zip, byName.get(MANIFEST))
  const entries = manifest.files.map(({ name, bytes, sha256 }) => {
    const entry = byName.get(name)
    if (!entry) throw refuse(`no ${name}, which its manifest lists`, 'all of the run')
    if (entry.bytes !== bytes) throw refuse(`${formatBytes(entry.bytes)} of ${name}`, `${formatBytes(bytes)} by its manifest`) // prettier-ignore
    return { ...entry, sha256 }
  })
  const extra = all.find(({ name }) => name !== MANIFEST && !entries.some((entry) => entry.name === name))
  if (extra) throw refuse(`${extra.name}, which its manifest does not list`, 'the files of the manifest alone')
  const isRun = ({ name }: ZipEntry) => name === RUN_FILE
  if (!entries.some(isRun)) throw refuse(`no ${RUN_FILE}`, 'a run')
  return { zip, entries: [...entries.filter(isRun), ...entries.filter((entry) => !isRun(entry))] }
}

type Refuse = (found: string, expected: string) => LabError

const WEIGHTS = `${basename(runFolderFiles('').weights)}/`

/** Throws LabError where an entry would be unpacked elsewhere, as something else than a file, or is longer than such a file can be. */
function checkEntry({ name, bytes, isSpecial }: ZipEntry, refuse: Refuse): void {
  const leadsAway = /^[/\\]|^[a-z]:|\\|\0/i.test(name) || name.split('/').includes('..')
  if (leadsAway) throw refuse(`an entry that leads out of the run’s folder, ${name}`, 'the files of a run')
  if (isSpecial) throw refuse(`a link or a device, ${name}`, 'regular files')
  const most = mostBytes(name)
  if (bytes > most) throw refuse(`${formatBytes(bytes)} of ${name}`, `at most ${formatBytes(most)}`)
}

function mostBytes(name: string): number {
  if (name === MANIFEST) return MOST_MANIFEST_BYTES
  return name.endsWith('.json') ? MOST_JSON_BYTES : MOST_ARCHIVE_BYTES
}

async function readManifest(zip: OpenZip, entry: ZipEntry | undefined): Promise<Manifest> {
  const refuse = (found: string, expected: string) => notUsable(zip.path, zip.kind, found, expected)
  if (!entry) throw refuse('a ZIP without a manifest', 'one that Bottleneck Lab wrote')
  const pieces: Buffer[] = []
  for await (const piece of unzipped(zip, entry)) pieces.push(piece)
  const content = Buffer.concat(pieces)
  if (crc32(content) !== entry.crc32) throw refuse('a damaged manifest', 'one that fits its checksum')
  const parsed = parseJson(content.toString())
  const { version } = (parsed ?? {}) as { version?: unknown }
  if (typeof version === 'number' && version > ARCHIVE_VERSION) throw newerVersion(zip.path, version)
  const manifest = v.safeParse(ManifestSchema, parsed)
  if (!manifest.success) throw refuse('a manifest of another kind', 'that of a run')
  for (const { name } of manifest.output.files) {
    if (!isPartOfRun(name)) throw refuse(`${name}, which no run has`, 'the files of a run')
  }
  return manifest.output
}

/** A file of a run folder, but for the claim of an owner. */
function isPartOfRun(name: string): boolean {
  const { owner: _, weights: __, ...files } = runFolderFiles('')
  const isInFolder = /^([a-z]+)\/[a-z0-9-]+\.(safetensors|json)$/.exec(name)
  if (isInFolder) return [WEIGHTS, `${ANALYSIS_FOLDER}/`].includes(`${isInFolder[1]}/`)
  return Object.values(files).includes(name)
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
  entry: Archive['entries'][number],
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

const newerVersion = (path: string, version: number) =>
  new LabError('not-supported', `The file ${path} was written by a newer version`, {
    found: `format ${version}`,
    expected: `format ${ARCHIVE_VERSION}`,
    remedy: 'Update Bottleneck Lab'
  })

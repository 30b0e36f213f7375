// What a `.bottleneck` file holds, looked at before anything of it is unpacked: names that a run has alone, bounded, and all that its manifest lists.
import { basename } from 'node:path'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { crc32 } from '@shared/crc32'
import { ARCHIVE_VERSION, MANIFEST, ManifestSchema, MOST_ARCHIVE_BYTES, type Manifest } from '../export/run-archive'
import { parseJson } from '../system/parse-json'
import { notUsable } from '../system/regular-file'
import { readZipDirectory, unzipped, type OpenZip, type ZipEntry } from '../system/zip-file'
import { ANALYSIS_FOLDER } from './analysis-cache'
import { runFolderFiles } from './run-folder'

const RUN_FILE = 'run.json'
const MOST_MANIFEST_BYTES = 2 ** 20
/** Of run.json and of an analysis; reading them has the same bound. */
const MOST_JSON_BYTES = 16 * 2 ** 20

export interface ArchiveEntry extends ZipEntry {
  /** By the manifest. */
  sha256: string
}

export interface Archive {
  zip: OpenZip
  /** run.json first. */
  entries: [run: ArchiveEntry, ...others: ArchiveEntry[]]
}

/** Throws LabError `bad-file` where the file is none of ours, damaged or made to do harm; `not-supported` where a newer version wrote it. */
export async function openArchive(zip: OpenZip): Promise<Archive> {
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
  const run = entries.find(({ name }) => name === RUN_FILE)
  if (!run) throw refuse(`no ${RUN_FILE}`, 'a run')
  return { zip, entries: [run, ...entries.filter((entry) => entry !== run)] }
}

type Refuse = (found: string, expected: string) => LabError

/** What names of weights begin with. */
export const WEIGHTS = `${basename(runFolderFiles('').weights)}/`

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

const newerVersion = (path: string, version: number) =>
  new LabError('not-supported', `The file ${path} was written by a newer version`, {
    found: `format ${version}`,
    expected: `format ${ARCHIVE_VERSION}`,
    remedy: 'Update Bottleneck Lab'
  })

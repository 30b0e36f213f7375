// What lies in a run folder, and by which names, and how run.json is read and written.
import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LARGEST_SIDE } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { modelIdsOf } from '@shared/experiment'
import { quotedValue } from '@shared/issue'
import type { RunFile } from '@shared/run'
import { DAMAGED_RUN_REMEDY, readRun } from '@shared/run-migrations'
import { builtInDataset } from '../data/dataset'
import { atomicWrite, fileError } from '../system/atomic-write'
import { makeFolder, PRIVATE_FOLDER } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { notUsable, readRegularFile, type FileKind } from '../system/regular-file'
import { readingReason, systemCode } from '../system/system-error'
import { previousCheckpoint } from '../trainer/checkpoint'
import { RESULTS_DIGEST, resultsDigest } from './run-digest'

export interface RunFolderFiles {
  run: string
  /** [epochs × models × 20 × pixels of an image] uint8, no header. */
  digits: string
  checkpoint: string
  /** The checkpoint before, until the last is proved whole. */
  previousCheckpoint: string
  report: string
  /** The user's tags and note; see notes-file.ts. */
  notes: string
  /** The folder for the weights of epochs, one file each. */
  weights: string
  /** Who trains the run; see owner.ts. */
  owner: string
}

/** 1,000 epochs of 128 models take half of it. */
const MAX_RUN_FILE_BYTES = 16 * 2 ** 20

const RUN_FILE: FileKind = {
  what: 'The run file',
  remedy: DAMAGED_RUN_REMEDY
}

export function runFolderFiles(folder: string): RunFolderFiles {
  const file = (name: string) => join(folder, name)
  return {
    run: file('run.json'),
    digits: file('digits.bin'),
    checkpoint: file('checkpoint.safetensors'),
    get previousCheckpoint() {
      return previousCheckpoint(this.checkpoint)
    },
    report: file('report.pdf'),
    notes: file('notes.json'),
    weights: file('weights'),
    owner: file('owner.json')
  }
}

/** Makes the folder of a new run, its parents too; false if something has that name. Throws LabError `not-writable` or `disk-full`. */
export async function createRunFolder(folder: string): Promise<boolean> {
  try {
    await makeFolder(dirname(folder))
  } catch (error) {
    throw fileError(error, folder)
  }
  try {
    await mkdir(folder, PRIVATE_FOLDER)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileError(error, folder)
  }
}

/** Removes what writers that were killed left half-written, by the names that temporaryBeside gives. Only for the owner of the run. */
export async function sweepTemporaryFiles(folder: string): Promise<void> {
  const { weights } = runFolderFiles(folder)
  await sweep(folder)
  if ((await lstat(weights).catch(() => null))?.isDirectory()) await sweep(weights) // else it may lead elsewhere
}

async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder)
  const left = names.filter((name) => /^\..+\.\d+\.tmp$/.test(name))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
}

/**
 * Whether there is a checkpoint to go on from, the last or the one before, of a run with so many complete epochs. Throws LabError
 * `not-found` if there is none though there are epochs, `bad-file` if the disk does not say.
 */
export async function findCheckpoint(folder: string, epochs: number): Promise<boolean> {
  const { checkpoint, previousCheckpoint } = runFolderFiles(folder)
  if ((await isThere(checkpoint)) || (await isThere(previousCheckpoint))) return true
  if (epochs === 0) return false
  throw new LabError('not-found', `The checkpoint of the run is missing in ${folder}`, {
    remedy: 'Start the experiment anew'
  })
}

/** Reads and checks run.json, of any format there was. Throws LabError `not-found` or `bad-file`. */
export async function readRunFile(folder: string): Promise<RunFile> {
  return (await readProvedRunFile(folder)).file
}

/** As `readRunFile`, with whether its results are proved by a digest: those of an older version have none. */
export async function readProvedRunFile(folder: string): Promise<{ file: RunFile; isProved: boolean }> {
  const path = runFolderFiles(folder).run
  return readRunText(await readText(path), path)
}

/** What run.json says, as `readProvedRunFile` answers; `path` is for the errors. Throws LabError `bad-file`. */
export function readRunText(text: string, path: string): { file: RunFile; isProved: boolean } {
  const content = parseJson(text)
  if (content === undefined) {
    const found = text.trim() === '' ? 'an empty file' : 'text that is no JSON, as after a cut'
    throw notUsable(path, RUN_FILE, found, 'a whole run file')
  }
  const file = readRun(content, path)
  const isProved = checkResults(content as object, path)
  checkSizes(file, path)
  return { file, isProved }
}

/** Replaces run.json. Throws LabError `disk-full` or `not-writable`; the old one stays then. */
export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  await atomicWrite(runFolderFiles(folder).run, runFileText(file))
}

/** A run as run.json has it, with the digest of its results. */
export function runFileText(file: RunFile): string {
  const text = JSON.stringify({ ...file, [RESULTS_DIGEST]: resultsDigest(file) }, null, 2)
  // Losses on one line each: a run of 70 epochs stays readable. Strings can't match, JSON escapes their line ends.
  return `${text.replace(/\[\n[^[\]{}"]*\]/g, (list) => list.replace(/\s+/g, ' '))}\n`
}

/** Whether the file bears a digest of its results. Throws LabError `bad-file` where they don't fit it. */
function checkResults(content: object, path: string): boolean {
  const digest = (content as Record<string, unknown>)[RESULTS_DIGEST]
  if (digest === undefined) return false
  if (digest === resultsDigest(content)) return true
  const found = 'results that were changed or damaged after they were written'
  throw notUsable(path, RUN_FILE, found, 'those that fit their SHA-256')
}

/** Throws LabError `bad-file` where a run's models or images are not those of its experiment: by these its digits are read. */
function checkSizes({ experiment, models, dataset }: RunFile, path: string): void {
  const expected = modelIdsOf(experiment)
  const found = models.map(({ id }) => id)
  const { rows, columns } = builtInDataset(experiment.dataset)?.info ?? dataset // those that a user adds may be gone
  if (dataset.name !== experiment.dataset) {
    throw notUsable(
      path,
      RUN_FILE,
      `the data set ${quotedValue(dataset.name)}`,
      `${quotedValue(experiment.dataset)} as the experiment says`
    )
  }
  if (dataset.rows !== rows || dataset.columns !== columns || Math.max(rows, columns) > LARGEST_SIDE) {
    const most = `at most ${LARGEST_SIDE} × ${LARGEST_SIDE}`
    const expected = builtInDataset(dataset.name) ? `${rows} × ${columns}` : most
    throw notUsable(path, RUN_FILE, `images of ${dataset.rows} × ${dataset.columns}`, expected)
  }
  if (found.join() !== expected.join()) {
    const list = (ids: string[]) => shorten(ids.join(', ') || 'none')
    throw notUsable(path, RUN_FILE, `the models ${list(found)}`, `those of its experiment, ${list(expected)}`)
  }
}

const shorten = (text: string) => (text.length > 200 ? `${text.slice(0, 199)}…` : text)

async function readText(path: string): Promise<string> {
  try {
    return (await readRegularFile(path, MAX_RUN_FILE_BYTES, RUN_FILE)).toString('utf8')
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== 'not-found') throw error
    throw new LabError('not-found', `There is no run at ${dirname(path)}`, { expected: 'a folder with a run.json' })
  }
}

/** Only a disk that says so has no such file: one that answers with a fault may have it. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return false
    throw new LabError('bad-file', `${path} can’t be looked for`, readingReason(error))
  }
}

// What lies in a run folder, and how it is read and written: run.json, digits.bin, the checkpoint, the report.
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DigitHistory } from '@shared/contract'
import { LabError } from '@shared/errors'
import { epochsDone, PROBE_COUNT, type RunFile } from '@shared/run'
import { readRun } from '@shared/run-migrations'
import { atomicWrite, fileError } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'

export interface RunFolderFiles {
  run: string
  /** [epochs × models × 20 × pixels of an image] uint8, no header. */
  digits: string
  checkpoint: string
  report: string
  /** Who trains the run; see owner.ts. */
  owner: string
}

const MAX_RUN_FILE_BYTES = 16 * 2 ** 20

export function runFolderFiles(folder: string): RunFolderFiles {
  const file = (name: string) => join(folder, name)
  return {
    run: file('run.json'),
    digits: file('digits.bin'),
    checkpoint: file('checkpoint.safetensors'),
    report: file('report.pdf'),
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
    await mkdir(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileError(error, folder)
  }
}

/** Removes what writers that were killed left half-written, by the names that temporaryBeside gives. Only for the owner of the run. */
export async function sweepTemporaryFiles(folder: string): Promise<void> {
  const names = await readdir(folder)
  const left = names.filter((name) => /^\..+\.\d+\.tmp$/.test(name))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
}

/** Reads and checks run.json, of any format there was. Throws LabError `not-found` or `bad-file`. */
export async function readRunFile(folder: string): Promise<RunFile> {
  const path = runFolderFiles(folder).run
  return readRun(parseJson(await readText(path)), path)
}

/** Replaces run.json. Throws LabError `disk-full` or `not-writable`; the old one stays then. */
export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  const text = JSON.stringify(file, null, 2)
  // Losses on one line each: a run of 70 epochs stays readable. Strings can't match, JSON escapes their line ends.
  const compact = text.replace(/\[\n[^[\]{}"]*\]/g, (list) => list.replace(/\s+/g, ' '))
  await atomicWrite(runFolderFiles(folder).run, `${compact}\n`)
}

/** Writes one epoch's reconstructions [models × 20 × pixels] where they belong. Throws LabError `disk-full` or `not-writable`. */
export async function writeDigits(folder: string, epoch: number, digits: Uint8Array): Promise<void> {
  const path = runFolderFiles(folder).digits
  try {
    const file = await openOrCreate(path)
    try {
      const start = (epoch - 1) * digits.byteLength
      for (let written = 0; written < digits.byteLength;) {
        const { bytesWritten } = await file.write(digits, written, digits.byteLength - written, start + written)
        written += bytesWritten
      }
      await file.datasync()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileError(error, path)
  }
}

/** Reads the epochs from `first` to `last` (from 1, both included) that are complete; fewer or none where there are not as many. */
export async function readDigits(folder: string, file: RunFile, first: number, last: number): Promise<DigitHistory> {
  const models = file.models.length
  const size = models * PROBE_COUNT * file.dataset.rows * file.dataset.columns
  const path = runFolderFiles(folder).digits
  const stored = await stat(path).then(
    ({ size: bytes }) => Math.floor(bytes / size),
    () => 0
  )
  const epochs = Math.max(0, Math.min(last, epochsDone(file), stored) - first + 1)
  const pixels = new Uint8Array(epochs * size)
  if (epochs > 0) await readAt(path, pixels, (first - 1) * size)
  return { firstEpoch: first, epochs, models, pixels }
}

async function readAt(path: string, target: Uint8Array, position: number): Promise<void> {
  const file = await open(path, 'r')
  try {
    for (let read = 0; read < target.byteLength;) {
      const { bytesRead } = await file.read(target, read, target.byteLength - read, position + read)
      if (bytesRead === 0) throw new LabError('bad-file', `${path} ended while it was read`)
      read += bytesRead
    }
  } finally {
    await file.close()
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return open(path, 'w')
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size <= MAX_RUN_FILE_BYTES) return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new LabError('not-found', `There is no run at ${dirname(path)}`, { expected: 'a folder with a run.json' })
    }
    throw new LabError('bad-file', `The run file ${path} is not usable`, { found: code ?? String(error) })
  }
  throw new LabError('bad-file', `The run file ${path} is not usable`, { expected: 'at most 16 MB' })
}

// A file that a user names for what the application writes. It must not be one that a run is made of, or that the application uses.
import type { BigIntStats } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { dataFiles } from '../data/dataset'
import { storedFiles } from '../data/stored-dataset'
import { atomicWrite, SHARED_FILE } from '../system/atomic-write'
import { exists } from '../system/exists'
import { appPaths } from '../system/paths'
import { withNeed } from './disk-need'
import { runFolderFiles } from './run-folder'

/**
 * Throws LabError `not-writable` where `path` names a file of a run other than its report, or one that the application uses (settings,
 * devices, log, data), by whatever spelling, symbolic link or, of these and of the run in `folder`, hard link; and where something lies
 * there that is no regular file. Writes nothing.
 */
export async function checkOutputFile(path: string, folder?: string): Promise<void> {
  const there = await stat(path, { bigint: true }).catch(() => null)
  if (there && !there.isFile()) {
    throw refusal(path, there.isDirectory() ? 'a folder of that name' : 'something there that is no regular file')
  }
  const target = await wholePath(path)
  const parent = dirname(target)
  const isWeights = basename(parent).toLowerCase() === basename(runFolderFiles('').weights)
  if (isPartOfRun(basename(target)) && (await isRunFolder(parent))) throw partOfRun(path, target)
  if (isWeights && (await isRunFolder(dirname(parent)))) throw partOfRun(path, target)
  for (const part of folder === undefined ? [] : partsOf(folder)) {
    if (await isSameFile(there, part)) throw partOfRun(path, part)
  }
  for (const own of await ownFiles()) {
    if (target === (await wholePath(own)) || (await isSameFile(there, own))) throw ownFile(path, own)
  }
}

/** Throws LabError `not-writable` where something lies at `path`; `instead`: what else the user may name. */
export async function refuseToReplace(path: string, instead: string): Promise<void> {
  if (!(await lstat(path).catch(() => null))) return
  throw new LabError('not-writable', `${path} is there already`, {
    remedy: `Give --force to replace it, or ${instead}`
  })
}

/** Writes what was made of the run in `folder`, if of one, to a file that the user named. Throws LabError `not-writable`, or `disk-full` with what is needed. */
export async function writeOutputFile(path: string, content: Uint8Array, folder?: string): Promise<void> {
  await checkOutputFile(path, folder)
  await atomicWrite(path, content, SHARED_FILE).catch(async (error: unknown) => {
    throw await withNeed(error, path, formatBytes(content.byteLength))
  })
}

/** Where `path` leads in the end: its folder alone is followed if nothing lies there yet. */
async function wholePath(path: string): Promise<string> {
  const folder = () => realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)))
  return realpath(path).catch(async () => join(await folder(), basename(path)))
}

async function isSameFile(there: BigIntStats | null, path: string): Promise<boolean> {
  const other = there && (await stat(path, { bigint: true }).catch(() => null))
  return other !== null && there !== null && other.dev === there.dev && other.ino === there.ino
}

/** What the application uses beside runs, and what is missing of it: it would be read from then on. */
async function ownFiles(): Promise<string[]> {
  const { settings, devices, log, datasets } = appPaths()
  return [settings, devices, log, ...(await dataFiles()), ...(await storedFiles(datasets))]
}

function partsOf(folder: string): string[] {
  const { report: _, ...parts } = runFolderFiles(folder)
  return Object.values(parts)
}

/** Without regard to case: many file systems have none. */
const isPartOfRun = (name: string) => partsOf('').includes(name.toLowerCase())

async function isRunFolder(folder: string): Promise<boolean> {
  return (await Promise.all(partsOf(folder).map(exists))).includes(true)
}

const partOfRun = (path: string, part: string) => refusal(path, `${basename(part)} of the run in ${dirname(part)}`)

const ownFile = (path: string, own: string) =>
  refusal(
    path,
    own === path ? 'a file that this application uses' : `${own}, which this application uses`,
    'another file'
  )

const refusal = (path: string, found: string, expected = 'a file that is no part of a run') =>
  new LabError('not-writable', `${path} can’t be written`, {
    found,
    expected,
    remedy: 'Choose another name'
  })

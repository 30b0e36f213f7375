// What run folders take of the disk, by what it is for.
import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RunStorage } from '@shared/contract'
import { createLimit } from '@shared/limit'
import { folderBytes } from '../system/folder-size'
import { runFolderFiles } from './run-folder'

const FOLDERS_AT_ONCE = 16

/** The bytes of each run's files; of a folder that can't be read, none. */
export async function measureStorage(runs: readonly { id: string; folder: string }[]): Promise<RunStorage[]> {
  const limited = createLimit({ atOnce: FOLDERS_AT_ONCE })
  return Promise.all(runs.map(({ id, folder }) => limited(async () => ({ id, ...(await bytesOf(folder)) }))))
}

async function bytesOf(folder: string): Promise<Omit<RunStorage, 'id'>> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))))
  const used = { checkpoints: 0, digits: 0, weights: 0, other: 0 }
  names.forEach((name, index) => (used[kindOf(name, folder)] += sizes[index] ?? 0))
  return used
}

function kindOf(name: string, folder: string): keyof Omit<RunStorage, 'id'> {
  const { checkpoint, previousCheckpoint, digits } = runFolderFiles(folder)
  if ([checkpoint, previousCheckpoint].some((path) => basename(path) === name)) return 'checkpoints'
  if (basename(digits) === name) return 'digits'
  return name.startsWith('weights') ? 'weights' : 'other'
}

async function sizeOf(path: string): Promise<number> {
  const entry = await lstat(path).catch(() => null)
  if (entry?.isDirectory()) return folderBytes(path).catch(() => 0)
  return entry?.isFile() ? entry.size : 0
}

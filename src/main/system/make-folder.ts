// Makes a folder and its parents, for this user alone. Node's own recursive mkdir never ends where a parent exists and yet refuses with ENOENT, as in /proc.
import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '@shared/errors'

/** What the application makes is its user's alone, whatever the umask says: read, write and, for folders, enter. */
export const PRIVATE_FOLDER = 0o700
export const PRIVATE_FILE = 0o600

/** Does nothing if the folder is there. Rejects with the system's error, and LabError `not-writable` where a file is in its place. */
export async function makeFolder(path: string): Promise<void> {
  const refused = await tryToMake(path)
  if (refused === null) return
  const parent = dirname(path)
  if (refused.code !== 'ENOENT' || parent === path) throw refused
  await makeFolder(parent)
  const again = await tryToMake(path)
  if (again !== null) throw again
}

/** The same within a folder that is there: its parents are not made. */
export async function makeInnerFolder(path: string): Promise<void> {
  const refused = await tryToMake(path)
  if (refused !== null) throw refused
}

/** Null if the folder is there now. */
async function tryToMake(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path, PRIVATE_FOLDER)
    return null
  } catch (error) {
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false
    )
    if (isFolder) return null
    const refused = error as NodeJS.ErrnoException
    if (refused.code === 'EEXIST') throw notAFolder(path)
    return refused
  }
}

function notAFolder(path: string): LabError {
  return new LabError('not-writable', `${path} is a file, not a folder`, { remedy: 'Choose another folder' })
}

/** The same at once, for the log and for what a closing window leaves. Throws the system's error, whatever is in its place. */
export function makeFolderSync(path: string): void {
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolderSync(parent)
  try {
    mkdirSync(path, PRIVATE_FOLDER)
  } catch (error) {
    if (!isFolder(path)) throw error // another process may have been faster
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

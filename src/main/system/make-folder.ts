// Makes a folder and its parents. Node's own recursive mkdir never ends where a parent exists and yet refuses with ENOENT, as in /proc.
import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Does nothing if the folder is there. Rejects with the system's error. */
export async function makeFolder(path: string): Promise<void> {
  const refused = await tryToMake(path)
  if (refused === null) return
  const parent = dirname(path)
  if (refused.code !== 'ENOENT' || parent === path) throw refused
  await makeFolder(parent)
  const again = await tryToMake(path)
  if (again !== null) throw again
}

/** Null if the folder is there now. */
async function tryToMake(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path)
    return null
  } catch (error) {
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false
    )
    return isFolder ? null : (error as NodeJS.ErrnoException)
  }
}

/** The same at once, for the log and for what a closing window leaves. Throws the system's error. */
export function makeFolderSync(path: string): void {
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolderSync(parent)
  try {
    mkdirSync(path)
  } catch (error) {
    if (!isFolder(path)) throw error // another process may have been faster
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

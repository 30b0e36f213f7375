// How much room a disk has.
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Free bytes for this user on the disk of a folder, which may not be there yet; infinite where the system, or an old Node, does not say. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    const parent = dirname(folder)
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing && parent !== folder ? freeBytes(parent) : Infinity
  }
}

// How many bytes the files of a folder take.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all regular files in it and below it; links are not followed. Throws the system's errors. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true })
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return folderBytes(path)
    return entry.isFile() ? (await stat(path)).size : 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

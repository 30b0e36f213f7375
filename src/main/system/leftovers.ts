// What a command of an older version, `setup:cuda`, put into the data folder and nothing uses any more: up to gigabytes.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Leftovers } from '@shared/contract'

/** The folder with its size; null where there is none. */
export async function findLeftovers(folder: string): Promise<Leftovers | null> {
  const bytes = await sizeOf(folder).catch(() => 0)
  return bytes === 0 ? null : { folder, bytes }
}

export async function removeLeftovers(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true })
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sizeOf(path)
    return entry.isFile() ? (await stat(path)).size : 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

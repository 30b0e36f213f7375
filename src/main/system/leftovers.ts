// What a command of an older version, `setup:cuda`, put into the data folder and nothing uses any more: up to gigabytes.
import { rm } from 'node:fs/promises'
import type { Leftovers } from '@shared/contract'
import { folderBytes } from './folder-size'

/** The folder with its size; null where there is none. */
export async function findLeftovers(folder: string): Promise<Leftovers | null> {
  const bytes = await folderBytes(folder).catch(() => 0)
  return bytes === 0 ? null : { folder, bytes }
}

export async function removeLeftovers(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

// A full disk, told with how much room would have been needed.
import { dirname } from 'node:path'
import { LabError } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { freeBytes } from '../system/free-bytes'

/** The error of writing to `path`: where the disk is full, with what is free and `needed`, a sentence's part; any other as it is. */
export async function withNeed(error: unknown, path: string, needed: string): Promise<unknown> {
  if (!(error instanceof LabError) || error.kind !== 'disk-full') return error
  const { kind, problem, remedy } = error.data
  const free = await freeBytes(dirname(path))
  const found = Number.isFinite(free) ? `${formatBytes(free)} free` : ''
  return new LabError(kind, problem, { found, expected: needed, remedy })
}

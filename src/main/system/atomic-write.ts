// Files that are either old or new, never half: temporary file beside the target, fsync, rename, fsync of the folder.
import { randomInt } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'

const RENAME_RETRIES = 20 // Windows: virus scanners hold fresh files for a moment

/** Replaces `path` by `content`. Throws LabError `disk-full` or `not-writable`; the old file stays then. */
export async function atomicWrite(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    const file = await open(temporary, 'w')
    try {
      await writeAll(file, typeof content === 'string' ? Buffer.from(content) : content)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameWithRetry(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw fileError(error, path)
  }
}

/** A name for a temporary file beside `path`, of one writer's own: two writers of one file must not share it. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomInt(2 ** 47)}.tmp`)
}

/** What the system's codes mean where something is to be written. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder',
  ENOTDIR: 'a file where a folder should be',
  EISDIR: 'a folder of that name',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'a read-only disk'
}

/** The LabError for a failed file operation on `path`. */
export function fileError(error: unknown, path: string): LabError {
  if (error instanceof LabError) return error
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabError('disk-full', `The disk is full, ${path} could not be written`, {
      remedy: 'Free some space or choose another folder, then continue the run'
    })
  }
  return new LabError('not-writable', `${path} could not be written`, {
    found: reasons[code] ?? code,
    remedy: 'Choose a folder in which you may create files'
  })
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written)
    written += bytesWritten
  }
}

async function renameWithRetry(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to)
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (process.platform !== 'win32' || !held || attempt === RENAME_RETRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // a folder can't be opened for sync there
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

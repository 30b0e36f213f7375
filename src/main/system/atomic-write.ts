// Files that are either old or new, never half: temporary file beside the target, fsync, rename, fsync of the folder.
import { randomInt } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import { PRIVATE_FILE } from './make-folder'
import { systemCode, systemReason } from './system-error'

const HELD_RETRIES = 20 // Windows: virus scanners hold fresh files for a moment

/** Any mode that the umask allows: for a file whose place the user has chosen. */
export const SHARED_FILE = 0o666

/**
 * Replaces `path` by `content`, which nobody but this user may read unless `mode` says so. Where `previous` is given, the old file stays
 * under that name. Throws LabError `disk-full` or `not-writable`; the old file stays then,
 * unless only the last step failed, which secures the new one's name on the disk.
 */
export async function atomicWrite(
  path: string,
  content: Uint8Array | string,
  mode = PRIVATE_FILE,
  previous?: string
): Promise<void> {
  const place = async (temporary: string) => {
    if (previous === undefined) await renameWithRetry(temporary, path)
    else await renameKeeping(temporary, path, previous)
    await syncFolder(dirname(path))
  }
  await writeBeside(path, typeof content === 'string' ? Buffer.from(content) : content, { mode, isSynced: true, place })
}

/**
 * The same without waiting for the disk: a kill leaves the old file or the new one, a power cut may leave half of it. For what is proved
 * by a digest and can be done without. Throws as atomicWrite.
 */
export async function replaceUnsynced(path: string, content: Uint8Array): Promise<void> {
  const place = (temporary: string) => renameWithRetry(temporary, path)
  await writeBeside(path, content, { mode: PRIVATE_FILE, isSynced: false, place })
}

/**
 * The same of content that comes in pieces, none of which is kept: `make` hands each over and waits for it. Throws as atomicWrite, and what
 * `make` throws; the old file stays then.
 */
export async function atomicWritePieces(
  path: string,
  make: (write: (piece: Uint8Array) => Promise<void>) => Promise<void>,
  mode = PRIVATE_FILE
): Promise<void> {
  let position = 0
  const fill = (file: FileHandle) =>
    make(async (piece) => {
      await writeAll(file, piece, position).catch((error: unknown) => {
        throw fileError(error, path) // `make` reads files, whose errors are others
      })
      position += piece.byteLength
    })
  const place = async (temporary: string) => {
    await renameWithRetry(temporary, path)
    await syncFolder(dirname(path))
  }
  await fillBeside(path, fill, { mode, isSynced: true, place })
}

interface Placing {
  mode: number
  isSynced: boolean
  /** Gives the file that was written beside `path` its place. */
  place(temporary: string): Promise<void>
}

const writeBeside = (path: string, content: Uint8Array, placing: Placing) =>
  fillBeside(path, (file) => writeAll(file, content), placing)

async function fillBeside(
  path: string,
  fill: (file: FileHandle) => Promise<void>,
  { mode, isSynced, place }: Placing
): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    const file = await open(temporary, 'wx', mode) // follows no link that waits under its name
    try {
      await fill(file)
      if (isSynced) await file.sync()
    } finally {
      await file.close()
    }
    await place(temporary)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw fileError(error, path)
  }
}

/** A name for a temporary file beside `path`, of one writer's own: two writers of one file must not share it. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomInt(2 ** 47)}.tmp`)
}

/** The LabError for a failed file operation on `path`. */
export function fileError(error: unknown, path: string): LabError {
  if (error instanceof LabError) return error
  const { found, remedy } = systemReason(error)
  switch (systemCode(error)) {
    case 'ENOSPC':
      return new LabError('disk-full', `The disk is full, ${path} could not be written`, { remedy })
    case 'EDQUOT':
      return new LabError('disk-full', `Your quota on the disk is used up, ${path} could not be written`, { remedy })
    default:
      return new LabError('not-writable', `${path} could not be written`, { found, remedy })
  }
}

/** Writes all of `bytes`, from the place `start` of the file on. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, start = 0): Promise<void> {
  let written = 0
  while (written < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written, start + written)
    written += bytesWritten
  }
}

/** Between the two renames there is nothing at `path`: who reads it has to look for `previous` too. */
async function renameKeeping(temporary: string, path: string, previous: string): Promise<void> {
  await renameWithRetry(path, previous).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error
  })
  try {
    await renameWithRetry(temporary, path)
  } catch (error) {
    await rename(previous, path).catch(() => undefined)
    throw error
  }
}

/** Throws the system's errors. */
export const renameWithRetry = (from: string, to: string) => whileHeld(() => rename(from, to))

/** Removes a file, if there is one. Throws the system's errors. */
export const removeWithRetry = (path: string) => whileHeld(() => rm(path, { force: true }))

/** Windows refuses to rename or remove a file that another process has open for a moment; that is waited for. */
async function whileHeld(change: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await change()
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (process.platform !== 'win32' || !held || attempt === HELD_RETRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** What a system answers that can't sync a folder at all (some network and shared disks), or not this user's: nothing has failed then. */
const noSyncOfFolders = ['EINVAL', 'EBADF', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM']

/** Has the names in a folder last through a power cut, where the system can. Throws the system's errors. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // a folder can't be opened for sync there
  try {
    const folder = await open(path, 'r')
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!noSyncOfFolders.includes(systemCode(error))) throw error
  }
}

// Files that others may have put in place: opened without waiting, regular files only, their size known before memory is taken.
import { closeSync, constants, fstatSync, open, read } from 'node:fs'
import { lstat, open as openHandle, stat, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { LabError } from '@shared/errors'
import { formatCount } from '@shared/format'
import { PRIVATE_FILE } from './make-folder'
import { readingReason, systemCode } from './system-error'

/** A list reads thousands of small files, for which descriptors take less than FileHandles; of an open one, size and end ask no disk. */
const calls = { open: promisify(open), read: promisify(read) }

/** What is to be read, for the errors. */
export interface FileKind {
  /** `The run file`, with which the sentence begins. */
  what: string
  /** What helps where the file is not usable, and where it is missing. */
  remedy?: string
  missingRemedy?: string
}

/**
 * Opens the file at `path` for reading and hands over its descriptor and its size in bytes. Throws LabError `not-found` where there is none, and
 * `bad-file` where it is no regular file or can't be read; what `kind` says of remedies is for a file that was read and is not usable.
 */
export async function withRegularFile<T>(
  path: string,
  kind: FileKind,
  use: (file: number, bytes: number) => Promise<T>
): Promise<T> {
  const file = await openToRead(path, kind)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw notRegular(path, kind)
    return await use(file, stats.size)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw notRead(path, kind, error)
  } finally {
    closeSync(file)
  }
}

/** All of a file that has at most `most` bytes. Throws as withRegularFile, and LabError `bad-file` where it has more. */
export async function readRegularFile(path: string, most: number, kind: FileKind): Promise<Buffer> {
  return withRegularFile(path, kind, async (file, bytes) => {
    if (bytes > most) {
      throw notUsable(path, kind, `${formatCount(bytes)} bytes`, `at most ${formatCount(most)} bytes`)
    }
    const content = Buffer.alloc(bytes)
    return content.subarray(0, await readInto(file, content, 0))
  })
}

/** Fills `target` from `position` on as far as the file goes; answers with how many bytes those are. */
export async function readInto(file: number, target: Uint8Array, position: number): Promise<number> {
  let filled = 0
  while (filled < target.byteLength) {
    const { bytesRead } = await calls.read(file, target, filled, target.byteLength - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/**
 * Opens a file to write parts of it in place, and makes it where there is none. Throws LabError `not-writable` where `path` is a link or
 * no regular file, or the file bears other names as well: what was written would change something else. Throws the system's errors too.
 */
export async function openToWriteInPlace(path: string): Promise<FileHandle> {
  const refuse = (found: string) =>
    new LabError('not-writable', `${path} could not be written`, {
      found,
      expected: 'a regular file of that name alone',
      remedy: 'Put a copy of the file in its place'
    })
  if (constants.O_NOFOLLOW === undefined && (await isLink(path))) throw refuse('a symbolic link')
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const file = await openHandle(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, PRIVATE_FILE).catch(
    (error: unknown) => {
      throw systemCode(error) === 'ELOOP' ? refuse('a symbolic link') : error
    }
  )
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw refuse('something that is no regular file')
    if (stats.nlink > 1) throw refuse('a file with further names (hard links)')
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The LabError for a file that is not what it should be. */
export function notUsable(path: string, { what, remedy = '' }: FileKind, found: string, expected: string): LabError {
  return new LabError('bad-file', `${what} ${path} is not usable`, { found, expected, remedy })
}

/** The LabError for a file that the system failed to read. It may be whole, and is not blamed: the error's cause is the system's. */
export function notRead(path: string, { what }: FileKind, error: unknown): LabError {
  return Object.assign(new LabError('bad-file', `${what} ${path} can’t be read`, readingReason(error)), {
    cause: error
  })
}

/** True of an error that tells of a disk or a system that did not answer, and nothing of the file. */
export function isReadFailure(error: LabError): boolean {
  return error.cause !== undefined
}

const notRegular = (path: string, kind: FileKind) =>
  notUsable(path, kind, 'something that is no regular file', 'a regular file')

async function openToRead(path: string, kind: FileKind): Promise<number> {
  try {
    // O_NONBLOCK: opening a named pipe would otherwise wait for a writer. Windows has no such flag.
    return await calls.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new LabError('not-found', `${kind.what} ${path} is missing`, { remedy: kind.missingRemedy ?? '' })
    }
    if (code === 'ENXIO' && (await isSocket(path))) throw notRegular(path, kind) // or a disk that has gone
    throw notRead(path, kind, error)
  }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isSocket(),
    () => false
  )
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false
  )
}

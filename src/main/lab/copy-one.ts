// Copies one file: at once where the disk can share its blocks, else piece by piece, which can be given up.
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, constants, copyFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { PRIVATE_FILE } from '../system/make-folder'

/** Copies a file to a path where nothing is, and tells the bytes of each piece. Throws the system's errors, and an AbortError once `signal` says so. */
export async function copyOne(
  from: string,
  to: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<void> {
  if (!signal.aborted && (await isCloned(from, to))) return onBytes((await stat(to)).size)
  await pipeline(
    createReadStream(from),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        onBytes(piece.length)
        yield piece
      }
    },
    createWriteStream(to, { flags: 'wx', mode: PRIVATE_FILE }),
    { signal }
  )
}

/** Whether the file system could make a copy that shares the blocks; most can't. */
async function isCloned(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE)
  } catch {
    return false
  }
  await chmod(to, PRIVATE_FILE)
  return true
}

// A user's file, piece by piece and unpacked where it is a gzip file: never more in memory than one piece.
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readInto, withRegularFile } from '../../system/regular-file'
import { badData, checkNotCancelled, USERS_FILE, type ReadTools } from './read-images'

const PIECE_BYTES = 2 ** 18

/** Calls `take` with each piece of the file in turn, which may be changed afterwards; `take` ends it by answering false. Throws LabError. */
export async function eachPiece(
  path: string,
  { signal, onProgress }: ReadTools,
  take: (piece: Uint8Array) => boolean | void
): Promise<void> {
  await withRegularFile(path, USERS_FILE, async (file, bytes) => {
    const isPacked = await beginsAsGzip(file)
    async function* pieces() {
      for (let position = 0; ;) {
        checkNotCancelled(signal)
        const piece = Buffer.alloc(PIECE_BYTES)
        const filled = await readInto(file, piece, position)
        if (filled === 0) return
        position += filled
        onProgress(Math.min(position, bytes), bytes)
        yield piece.subarray(0, filled)
      }
    }
    if (!isPacked) {
      for await (const piece of pieces()) if (take(piece) === false) return
      return
    }
    const unpacked = Readable.from(pieces()).pipe(createGunzip({ chunkSize: PIECE_BYTES }))
    try {
      for await (const piece of unpacked) if (take(piece as Uint8Array) === false) return
    } catch (error) {
      checkNotCancelled(signal)
      if (!isDamaged(error)) throw error
      throw badData(path, 'a gzip file that is damaged', 'a whole one', 'Copy or download it again')
    } finally {
      unpacked.destroy()
    }
  })
}

async function beginsAsGzip(file: number): Promise<boolean> {
  const head = Buffer.alloc(2)
  return (await readInto(file, head, 0)) === 2 && head[0] === 0x1f && head[1] === 0x8b
}

const isDamaged = (error: unknown) => /^Z_/.test((error as NodeJS.ErrnoException).code ?? '')

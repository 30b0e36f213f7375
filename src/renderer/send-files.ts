// Sends chosen files to the lab in pieces, several small files in one call.
import type { LabCalls } from '@shared/contract'
import { isSendablePath, MOST_PIECES, PIECES_BYTES, type UploadPart } from '@shared/dataset'
import { LabError } from '@shared/errors'
import type { ChosenFile } from './chosen-files'

type UploadCalls = Pick<LabCalls, 'beginUpload' | 'sendPieces' | 'endUpload' | 'dropUpload'>

export interface Sending {
  signal: AbortSignal
  onProgress(sent: number, total: number): void
}

/** What a piece takes in a call besides its bytes and its path. */
const OVERHEAD = 32

interface Sent {
  id: string
  path: string
}

/** Answers with the id and the path of what was sent; null where it was given up. Throws LabError; nothing stays at the lab then. */
export function sendFiles(calls: UploadCalls, files: readonly ChosenFile[]): Promise<Sent>
export function sendFiles(calls: UploadCalls, files: readonly ChosenFile[], sending: Sending): Promise<Sent | null>
export async function sendFiles(
  calls: UploadCalls,
  files: readonly ChosenFile[],
  sending?: Sending
): Promise<Sent | null> {
  const refused = files.find(({ path }) => !isSendablePath(path))
  if (refused) {
    throw new LabError('bad-value', `${refused.path} can’t be sent because of its name`, {
      remedy: 'Rename it, or give the path of the files instead'
    })
  }
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  const id = await calls.beginUpload({ bytes: total, files: files.length })
  try {
    let sent = 0
    for await (const parts of packets(files)) {
      if (sending?.signal.aborted) break
      await calls.sendPieces(id, parts)
      sent += parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
      sending?.onProgress(sent, total)
    }
    if (!sending?.signal.aborted) return { id, path: await calls.endUpload(id) }
  } catch (error) {
    await calls.dropUpload(id).catch(() => undefined)
    throw error
  }
  await calls.dropUpload(id)
  return null
}

/** Pieces of all files in order, as many in one as a call may have. */
async function* packets(files: readonly ChosenFile[]): AsyncGenerator<UploadPart[]> {
  let parts: UploadPart[] = []
  let room = PIECES_BYTES
  for (const { path, file } of files) {
    const own = OVERHEAD + 3 * path.length
    let position = 0
    do {
      if (room <= own || parts.length === MOST_PIECES) {
        yield parts
        parts = []
        room = PIECES_BYTES
      }
      const bytes = await read(path, file, position, position + room - own)
      parts.push({ path, bytes })
      position += bytes.length
      room -= own + bytes.length
    } while (position < file.size)
  }
  if (parts.length > 0) yield parts
}

async function read(path: string, file: File, from: number, to: number): Promise<Uint8Array> {
  const bytes = await file.slice(from, to).arrayBuffer().catch(() => null) // prettier-ignore
  if (bytes && (bytes.byteLength > 0 || from >= file.size)) return new Uint8Array(bytes)
  throw new LabError('not-found', `${path} can’t be read any more`, { remedy: 'Choose it again' })
}

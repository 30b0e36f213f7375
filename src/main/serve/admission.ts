// What a WebSocket must say before anything is answered over it, and how many may be open.
import * as v from 'valibot'
import type { WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import { closeCodes, LONGEST_LIST, OpeningSchema, type Opened } from '@shared/session'
import type { Gate } from './gate'

// A page says it at once. Of more sockets that say nothing the oldest is ended, so that nobody keeps the user's page out.
const PATIENCE_MILLISECONDS = 10_000
const MOST_SILENT = 16
const MOST_OPEN = 32

/** Answers with a function that takes a new socket and calls `use` once its page has shown a session or a link that opens one. */
export function createAdmission(gate: Gate, use: (socket: WebSocket) => void, patience = PATIENCE_MILLISECONDS) {
  const silent = new Set<WebSocket>()
  const open = new Set<WebSocket>()

  function admit(socket: WebSocket, message: unknown): void {
    const opening = v.safeParse(OpeningSchema, message)
    if (opening.success && open.size >= MOST_OPEN) return socket.close(closeCodes.full, 'too many pages')
    if (socket.readyState !== socket.OPEN) return
    const session = opening.success ? gate.open(opening.output) : null
    if (session === null) return socket.close(closeCodes.refused, 'no session')
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      gate.leave(session)
    })
    socket.send(encodeMessage({ session } satisfies Opened))
    use(socket)
  }

  function endOldest(): void {
    const [oldest] = silent
    if (!oldest || silent.size <= MOST_SILENT) return
    silent.delete(oldest)
    oldest.terminate()
  }

  return (socket: WebSocket): void => {
    const timer = setTimeout(() => socket.terminate(), patience)
    const settle = () => {
      clearTimeout(timer)
      silent.delete(socket)
    }
    silent.add(socket)
    socket.once('close', settle)
    endOldest()
    socket.once('message', (data, isBinary) => {
      settle()
      admit(socket, isBinary ? decoded(data as Buffer) : null)
    })
  }
}

function decoded(bytes: Buffer): unknown {
  try {
    return decodeMessage(bytes, LONGEST_LIST)
  } catch {
    return null
  }
}

// The contract over one WebSocket of the browser host.
import type { WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Transport } from '@shared/rpc'

const CONGESTED_BYTES = 1_000_000
const HOPELESS_BYTES = 32_000_000 // a page that reads no more: it is cut off, and reads everything anew when it comes back

/** The server's end of a WebSocket as a transport. A message that can't be decoded, or has a list of more than `longestList` entries, ends the connection. */
export function webSocketTransport(socket: WebSocket, longestList?: number): Transport {
  const waiting = new Set<() => void>()
  let largest = 0 // bytes of a single message: a page that reads well has one before it, too

  const isCongested = () => socket.readyState === socket.OPEN && socket.bufferedAmount > CONGESTED_BYTES
  const wake = () => {
    if (isCongested()) return
    for (const resume of waiting) resume()
    waiting.clear()
  }
  socket.once('close', wake)
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > HOPELESS_BYTES + largest) return socket.terminate()
      const bytes = encodeMessage(message)
      largest = Math.max(largest, bytes.byteLength)
      socket.send(bytes, wake)
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? tryDecode(data as Buffer, longestList) : undefined
        if (message) listener(message.content)
        else socket.close(1003, 'expected MessagePack')
      })
    },
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) listener()
      else socket.once('close', listener)
    },
    isCongested,
    whenRead: () => (isCongested() ? new Promise((resume) => waiting.add(resume)) : Promise.resolve())
  }
}

function tryDecode(bytes: Buffer, longestList?: number): { content: unknown } | undefined {
  try {
    return { content: decodeMessage(bytes, longestList) }
  } catch {
    return undefined
  }
}

// The contract over one WebSocket of the browser host.
import type { WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Transport } from '@shared/rpc'

const CONGESTED_BYTES = 1_000_000
const HOPELESS_BYTES = 256_000_000 // a page that was suspended: it reads everything anew when it comes back

/** The server's end of a WebSocket as a transport. A message that can't be decoded ends the connection. */
export function webSocketTransport(socket: WebSocket): Transport {
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > HOPELESS_BYTES) return socket.terminate()
      socket.send(encodeMessage(message))
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? tryDecode(data as Buffer) : undefined
        if (message) listener(message.content)
        else socket.close(1003, 'expected MessagePack')
      })
    },
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) listener()
      else socket.once('close', listener)
    },
    isCongested: () => socket.bufferedAmount > CONGESTED_BYTES
  }
}

function tryDecode(bytes: Buffer): { content: unknown } | undefined {
  try {
    return { content: decodeMessage(bytes) }
  } catch {
    return undefined
  }
}

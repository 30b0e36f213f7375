// Where the window runs: under Electron or in a browser. The only file that asks; the rest speaks to `host`.
import type { Bridge, CommandId } from '@shared/bridge'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Transport } from '@shared/rpc'

/** A transport that this end can close as well. */
export interface Connection extends Transport {
  close(): void
}

export interface Host {
  /** True where shortcuts are written with ⌘. */
  readonly isMac: boolean
  /** True where a browser around the page keeps some shortcuts, Ctrl+N among them, for itself. */
  readonly isBrowser: boolean
  /** Opens a way to the lab; rejects while it can't be reached. */
  openTransport(): Promise<Connection>
  /** Answers with where the file lies now, as a sentence can name it; null when the user cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<string | null>
  copyText(text: string): Promise<void>
  /** Commands of a menu outside the page; a browser has none. */
  onCommand(listener: (command: CommandId) => void): void
}

const bridge = (globalThis as { bottleneckLab?: Bridge }).bottleneckLab

export const host: Host = bridge ? electronHost(bridge) : browserHost()

function electronHost(desktop: Bridge): Host {
  let hear: ((message: unknown) => void) | null = null
  desktop.onMessage((message) => hear?.(message))

  /** Lives as long as the page: only this end closes it. */
  function openPort(): Connection {
    const listeners = new Set<() => void>()
    let isClosed = false
    return {
      send: (message) => {
        if (!isClosed) desktop.send(message)
      },
      onMessage: (listener) => {
        hear = (message) => {
          if (!isClosed) listener(message)
        }
      },
      onClose: (listener) => {
        if (isClosed) listener()
        else listeners.add(listener)
      },
      close() {
        isClosed = true
        for (const listener of listeners) listener()
        listeners.clear()
      }
    }
  }

  return {
    isMac: desktop.platform === 'darwin',
    isBrowser: false,
    openTransport: () => Promise.resolve(openPort()),
    saveFile: (name, bytes) => desktop.saveFile(name, bytes),
    copyText: (text) => desktop.copyText(text),
    onCommand: (listener) => desktop.onCommand(listener)
  }
}

function browserHost(): Host {
  return {
    isBrowser: true,
    get isMac() {
      return /mac/i.test(globalThis.navigator?.platform ?? '')
    },
    openTransport: openSocket,
    saveFile(name, bytes) {
      const type = name.endsWith('.svg') ? 'image/svg+xml' : 'application/pdf'
      const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
      const link = document.createElement('a')
      link.href = address
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000) // the browser reads it after the click
      return Promise.resolve(`${name}, in the browser’s downloads`)
    },
    copyText: (text) => navigator.clipboard.writeText(text),
    onCommand: () => undefined
  }
}

/** The WebSocket of the server that served this page. */
async function openSocket(): Promise<Connection> {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}/lab`)
  socket.binaryType = 'arraybuffer'
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('close', () => reject(new Error('The lab does not answer')), { once: true })
  })
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message))
    },
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) =>
        listener(decodeMessage(new Uint8Array(data)))
      ),
    onClose: (listener) => {
      if (socket.readyState > WebSocket.OPEN) listener()
      else socket.addEventListener('close', () => listener(), { once: true })
    },
    close: () => socket.close()
  }
}

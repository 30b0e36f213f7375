// Where the window runs: under Electron or in a browser. The only file that asks; the rest speaks to `host`.
import type { Bridge, CommandId } from '@shared/bridge'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Transport } from '@shared/rpc'

export interface Host {
  /** True where shortcuts are written with ⌘. */
  readonly isMac: boolean
  /** Opens a way to the lab; rejects while it can't be reached. */
  openTransport(): Promise<Transport>
  /** Answers with where the file lies now, as a sentence can name it; null when the user cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<string | null>
  copyText(text: string): Promise<void>
  /** Commands of a menu outside the page; a browser has none. */
  onCommand(listener: (command: CommandId) => void): void
}

const bridge = (globalThis as { bottleneckLab?: Bridge }).bottleneckLab

export const host: Host = bridge ? electronHost(bridge) : browserHost()

function electronHost(desktop: Bridge): Host {
  return {
    isMac: desktop.platform === 'darwin',
    openTransport: () =>
      Promise.resolve({
        send: (message: unknown) => desktop.send(message),
        onMessage: (listener: (message: unknown) => void) => desktop.onMessage(listener),
        onClose: () => undefined // lives as long as the page
      }),
    saveFile: (name, bytes) => desktop.saveFile(name, bytes),
    copyText: (text) => desktop.copyText(text),
    onCommand: (listener) => desktop.onCommand(listener)
  }
}

function browserHost(): Host {
  return {
    get isMac() {
      return /mac/i.test(globalThis.navigator?.platform ?? '')
    },
    openTransport: openSocket,
    saveFile(name, bytes) {
      const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }))
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
async function openSocket(): Promise<Transport> {
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
    }
  }
}

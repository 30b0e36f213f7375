// Where the window runs: under Electron or in a browser. The only file that asks; the rest speaks to `host`.
import type { Bridge } from '@shared/bridge'
import type { CommandId } from '@shared/commands'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Transport } from '@shared/rpc'
import { LINK_FRAGMENT, OpenedSchema } from '@shared/session'
import * as v from 'valibot'
import { createPageSession, type PageSession } from './session'

/** A transport that this end can close as well. */
export interface Connection extends Transport {
  close(): void
}

export interface Host {
  /** True where shortcuts are written with ⌘. */
  readonly isMac: boolean
  /** True where a browser around the page keeps some shortcuts, Ctrl+N among them, for itself. */
  readonly isBrowser: boolean
  /** Opens a way to the lab; rejects while it can't be reached, with a LabError where the lab refuses this page. */
  openTransport(): Promise<Connection>
  /** Answers with where the file lies now, as a sentence can name it; null when the user cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<string | null>
  copyText(text: string): Promise<void>
  /** Puts a PNG file's picture, which may still be made, on the clipboard. */
  copyPicture(png: Promise<Uint8Array>): Promise<void>
  /** Shows a run's folder in the system's file manager; false where the page can't. */
  revealRun(id: string): Promise<boolean>
  /** Asks for a folder and answers with its path, or null when the user cancelled; undefined where only a path that is typed can be had. */
  chooseFolder?(): Promise<string | null>
  /** The path of what was dropped; empty where the page may not know. */
  pathOf(file: File): string
  /** Has window or browser ask before the page is left while `work` goes on. */
  askBeforeLeaving(work: Promise<unknown>): void
  /** Files that the system hands to the application, those that wait first; a browser has none. */
  onOpenedFile(listener: (path: string) => void): void
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

  let underWay = 0

  function askBeforeLeaving(work: Promise<unknown>): void {
    const count = (change: number) => desktop.setSaving((underWay += change) > 0)
    count(1)
    const done = () => count(-1)
    work.then(done, done)
  }

  return {
    isMac: desktop.platform === 'darwin',
    isBrowser: false,
    openTransport: () => Promise.resolve(openPort()),
    saveFile(name, bytes) {
      const saving = desktop.saveFile(name, bytes)
      askBeforeLeaving(saving)
      return saving
    },
    copyText: (text) => desktop.copyText(text),
    copyPicture: async (png) => desktop.copyPicture(await png),
    revealRun: (id) => desktop.revealRun(id).then(() => true),
    chooseFolder: () => desktop.chooseFolder(),
    pathOf: (file) => desktop.pathOf(file),
    askBeforeLeaving,
    onOpenedFile(listener) {
      const take = () => void desktop.takeOpenedFiles().then((paths) => paths.forEach(listener))
      desktop.onFileOpened(take)
      take()
    },
    onCommand: (listener) => desktop.onCommand(listener)
  }
}

/** Of files that a browser may show; others it is only to save under their names. */
const types: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  svg: 'image/svg+xml',
  png: 'image/png',
  gif: 'image/gif',
  webm: 'video/webm'
}

function browserHost(): Host {
  const session = createPageSession()
  globalThis.addEventListener?.('hashchange', () => {
    if (location.hash.startsWith(LINK_FRAGMENT)) location.reload() // a new link in the same tab
  })
  return {
    isBrowser: true,
    get isMac() {
      return /mac/i.test(globalThis.navigator?.platform ?? '')
    },
    openTransport: () => openSocket(session),
    saveFile(name, bytes) {
      const type = types[name.split('.').pop() ?? ''] ?? 'application/octet-stream'
      const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
      const link = document.createElement('a')
      link.href = address
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000) // the browser reads it after the click
      return Promise.resolve(`${name}, in the browser’s downloads`)
    },
    copyText: (text) => navigator.clipboard.writeText(text),
    copyPicture(png) {
      const picture = png.then((bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' }))
      // asked for at once: a browser allows it as the answer to a press alone
      return navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])
    },
    revealRun: () => Promise.resolve(false),
    pathOf: () => '',
    askBeforeLeaving(work) {
      const ask = (event: BeforeUnloadEvent) => event.preventDefault()
      const stop = () => removeEventListener('beforeunload', ask)
      addEventListener('beforeunload', ask)
      work.then(stop, stop)
    },
    onOpenedFile: () => undefined,
    onCommand: () => undefined
  }
}

/** The WebSocket of the server that served this page, once the lab has taken its session. */
async function openSocket(session: PageSession): Promise<Connection> {
  const shown = session.opening()
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}/lab`)
  socket.binaryType = 'arraybuffer'
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => socket.send(encodeMessage(shown)), { once: true })
    socket.addEventListener('close', ({ code }) => reject(session.refusalOf(code, shown)), { once: true })
    socket.addEventListener(
      'message',
      ({ data }: MessageEvent<ArrayBuffer>) => {
        try {
          session.keep(v.parse(OpenedSchema, decodeMessage(new Uint8Array(data))))
          resolve()
        } catch (error) {
          socket.close()
          reject(error as Error)
        }
      },
      { once: true }
    )
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

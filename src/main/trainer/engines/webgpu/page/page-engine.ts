// The trainer's end: an engine whose sessions live in the hidden page of Electron's main process.
import type { FoundDevice } from '@shared/contract'
import { LabError, messageOf } from '@shared/errors'
import type { Engine } from '../../engine'
import { connectSessions, type RemoteSessions } from '../../remote-session'
import type { AdapterAnswer, PageCalls } from './page-messages'

/** Electron's MessagePortMain, as far as it is used. */
export interface Port {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}

const PATIENCE_MILLISECONDS = 20_000
const NO_PAGE = 'Without a window the installed program can’t train with WebGPU'

/** Engine of a trainer that gets `port` from the main process when that opens the page, or null where there is none. */
export function createPageEngine(port: Promise<Port | null>): Engine {
  const page = port.then((open) => open && connectPage(open))
  return {
    async devices() {
      const sessions = await page
      if (!sessions) return [unusable(NO_PAGE)]
      const adapter = sessions.ask('adapter') as Promise<AdapterAnswer>
      const ended = (thrown: unknown) => unusable(messageOf(thrown))
      return [await Promise.race([adapter.then(deviceOf, ended), silence()])]
    },
    async open({ models, train, device }) {
      checkDevice(device)
      const sessions = await page
      if (!sessions) throw new LabError('device-unavailable', NO_PAGE)
      return sessions.open({ models, train, device })
    }
  }
}

function connectPage(port: Port): RemoteSessions<PageCalls> {
  const line = {
    send: (message: unknown) => port.postMessage(message),
    onMessage: (listener: (message: unknown) => void) => port.on('message', ({ data }) => listener(data))
  }
  // A copy: memory that threads share can't go to another process.
  const sessions = connectSessions<PageCalls>(line, (pixels) => pixels.slice())
  port.on('close', () => {
    const remedy = 'Start the program again, or train on the CPU'
    sessions.end(new LabError('device-lost', 'The page that trains with WebGPU has ended', { remedy }))
  })
  port.start()
  return sessions
}

/** The device where the page does not answer: a list of devices must not wait for it for ever. */
function silence(): Promise<FoundDevice> {
  return new Promise((resolve) =>
    setTimeout(() => resolve(unusable('The page for WebGPU does not answer')), PATIENCE_MILLISECONDS).unref()
  )
}

function checkDevice(device: string): void {
  if (device === 'webgpu') return
  throw new LabError('device-unavailable', 'In its window the program trains on the high-performance adapter alone', {
    found: device,
    expected: 'webgpu',
    remedy: 'Run the command line in plain Node to choose an adapter by its name'
  })
}

function deviceOf(adapter: AdapterAnswer): FoundDevice {
  if (!adapter) return unusable('Chromium finds no adapter for WebGPU')
  const { name, software, chromium } = adapter
  return {
    ...unusable(`${name}: the high-performance adapter, the only one that the window’s WebGPU offers`),
    title: `WebGPU · ${name}`,
    usable: true,
    runtimeVersion: chromium,
    ...(software && { software })
  }
}

function unusable(detail: string): FoundDevice {
  return { name: 'webgpu', title: 'WebGPU', usable: false, detail, remedy: '', driver: '', runtimeVersion: '' }
}

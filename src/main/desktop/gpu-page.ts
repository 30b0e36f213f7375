// WebGPU for a trainer: a hidden, sandboxed page with Chromium's GPU in a worker, and a port between the two.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  app,
  MessageChannelMain,
  protocol,
  session,
  WebContentsView,
  type MessagePortMain,
  type UtilityProcess
} from 'electron'
import type { Log } from '../system/log'
import { GPU_MESSAGE } from '../trainer/engines/webgpu/page/page-messages'
import { answerPage } from './page-answer'
import { isOwnPage, PAGE_ORIGIN, PAGE_URL, SCHEME } from './page-origin'
import { restrictPage, restrictSession, webPreferences } from './security'

const HTML = '<!doctype html><meta charset="utf-8"><title>WebGPU</title><script defer src="page.js"></script>'
const PARTITION = 'persist:webgpu'
const JAVASCRIPT = 'text/javascript; charset=utf-8'

// `protocol.handle` came with Electron 25; continuous integration has an older one.
const isCurrent = 'handle' in protocol

/** Of two GPUs Chromium takes the fast one. To be called before the application is ready. */
export function preferFastGpu(): void {
  app.commandLine.appendSwitch('force_high_performance_gpu')
}

/** Opens a page for each trainer. `mainFolder` is the folder of the built main process. Only usable once the application is ready. */
export function createGpuPages(mainFolder: string, log: Log) {
  const preload = join(mainFolder, '../preload/gpu.js')
  const prepared = prepareSession(join(mainFolder, 'gpu-page'))

  async function open(trainer: UtilityProcess, port: MessagePortMain): Promise<void> {
    const gone = new Promise<void>((resolve) => trainer.once('exit', () => resolve()))
    await prepared
    const View = isCurrent ? WebContentsView : (await import('./old-electron')).HiddenView
    const preferences = { ...webPreferences(preload), partition: PARTITION, backgroundThrottling: false }
    const view = new View({ webPreferences: preferences })
    restrictPage(view.webContents, PAGE_URL)
    void gone.then(() => view.webContents.close()) // this also holds the view, which takes its page with it when it is collected
    await view.webContents.loadURL(PAGE_URL)
    view.webContents.postMessage('port', null, [port])
  }

  return {
    /** Sends the trainer a port, and opens a page at its other end that lives as long as the trainer. */
    connect(trainer: UtilityProcess): void {
      const { port1, port2 } = new MessageChannelMain()
      trainer.postMessage(GPU_MESSAGE, [port1])
      open(trainer, port2).catch((error: unknown) => {
        log.error('The page for WebGPU could not be opened', error)
        port2.close()
      })
    }
  }
}

/** Lets the trainer know that no page will come: it trains without WebGPU then. */
export function withoutGpuPage(trainer: UtilityProcess): void {
  trainer.postMessage(GPU_MESSAGE)
}

/** A session of the page's own: three files, and no request, permission or device beyond them. Keeps compiled kernels. */
async function prepareSession(folder: string): Promise<void> {
  const own = session.fromPartition(PARTITION)
  const script = async (name: string) => ({ content: await readFile(join(folder, name)), type: JAVASCRIPT })
  const files = new Map([
    ['/index.html', { content: Buffer.from(HTML), type: 'text/html; charset=utf-8' }],
    ['/page.js', await script('page.js')],
    ['/worker.js', await script('worker.js')]
  ])
  restrictSession(own, (url) => isOwnPage(url, PAGE_ORIGIN))
  const answer = (url: string, method: string) => answerPage(files, url, method)
  if (!isCurrent) return (await import('./old-electron')).handleScheme(SCHEME, answer, own.protocol)
  own.protocol.handle(SCHEME, (request) => {
    const { status, headers, body } = answer(request.url, request.method)
    return new Response(new Uint8Array(body), { status, headers })
  })
}

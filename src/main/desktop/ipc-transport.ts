// The lab contract between one window and the lab, over Electron's IPC; nothing is taken from another page than the application's own, nor sent to it.
import { BrowserWindow, type WebContents } from 'electron'
import { channels } from '@shared/bridge'
import type { Transport } from '@shared/rpc'
import type { Log } from '../system/log'
import { isOwnPage } from './page-origin'
import { isTrustedSender } from './security'

/** One transport a window. It outlives reloads of the page and closes with the window. */
export function openTransport(contents: WebContents, origin: string, log: Log): Transport {
  return {
    send(message) {
      const gone = contents.isDestroyed() || contents.isCrashed()
      if (!gone && isOwnPage(contents.getURL(), origin)) contents.send(channels.lab, message)
    },
    onMessage(listener) {
      contents.ipc.on(channels.lab, (event, message: unknown) => {
        if (isTrustedSender(event, contents, origin)) listener(message)
        else log.warn(`A message from ${event.senderFrame?.url ?? 'a closed frame'} was refused`)
      })
    },
    onClose(listener) {
      if (contents.isDestroyed()) listener()
      else contents.once('destroyed', listener)
    },
    isCongested: () => !isShown(BrowserWindow.fromWebContents(contents))
  }
}

function isShown(window: BrowserWindow | null): boolean {
  return window !== null && window.isVisible() && !window.isMinimized()
}

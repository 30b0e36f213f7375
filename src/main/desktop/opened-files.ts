// Files that the system hands to the application, by a double click say: kept until a page takes them, which imports and shows them.
import { BrowserWindow, type WebContents } from 'electron'
import { channels } from '@shared/bridge'
import { isTrustedSender } from './security'

export interface OpenedFiles {
  /** Absolute paths. Open pages are told. */
  add(paths: readonly string[]): void
  /** Answers `takeOpenedFiles` of the page in `contents`: each file goes to the page that asks first. */
  answer(contents: WebContents, origin: string): void
}

export function createOpenedFiles(): OpenedFiles {
  const waiting: string[] = []
  return {
    add(paths) {
      waiting.push(...paths)
      if (paths.length === 0) return
      for (const { webContents } of BrowserWindow.getAllWindows()) webContents.send(channels.fileOpened)
    },
    answer(contents, origin) {
      contents.ipc.handle(channels.takeOpenedFiles, (event) => {
        if (!isTrustedSender(event, contents, origin)) throw new Error('Refused')
        return waiting.splice(0)
      })
    }
  }
}

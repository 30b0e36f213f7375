// Shows a run's folder in the system's file manager and asks for a folder; answers only the window's own page, which names a run by its id.
// eslint-disable-next-line no-restricted-imports -- a folder is shown, nothing is opened
import { BrowserWindow, dialog, shell, type WebContents } from 'electron'
import { channels } from '@shared/bridge'
import type { LabService } from '@shared/rpc'
import { runFolderFiles } from '../lab/run-folder'
import { isTrustedSender } from './security'

/** Answers `revealRun` and `chooseFolder` of the page in `contents`. */
export function answerFolderCalls(contents: WebContents, origin: string, { calls }: LabService): void {
  contents.ipc.handle(channels.revealRun, async (event, id: unknown) => {
    if (!isTrustedSender(event, contents, origin) || !/^[a-z0-9-]{1,64}$/.test(String(id))) throw new Error('Refused')
    shell.showItemInFolder(runFolderFiles(await calls.runFolder(String(id))).run)
  })
  contents.ipc.handle(channels.chooseFolder, async (event) => {
    if (!isTrustedSender(event, contents, origin)) throw new Error('Refused')
    const window = BrowserWindow.fromWebContents(contents)
    if (window === null) return null
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] })
    return canceled ? null : (filePaths[0] ?? null)
  })
}

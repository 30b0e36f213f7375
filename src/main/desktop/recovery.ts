// What happens when something of Electron's breaks: the training goes on in its own process, the page comes back.
import { app, dialog, type BrowserWindow } from 'electron'
import { toLabErrorData } from '@shared/errors'
import { openLog, type Log } from '../system/log'
import { appPaths } from '../system/paths'

const CRASHES_A_MINUTE = 3

/** Reloads a page whose process has died; asks first when that happens again and again, or when the page hangs. */
export function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return
    log.error(`The page ended (${details.reason}, code ${details.exitCode}) and is loaded again`)
    crashes.push(Date.now())
    const recent = crashes.filter((time) => time > Date.now() - 60_000)
    if (recent.length < CRASHES_A_MINUTE) window.webContents.reload()
    else void askToReload(window, 'The page has ended unexpectedly several times. Training goes on without it.')
  })
  window.on('unresponsive', () => {
    log.warn('The page does not answer')
    void askToReload(window, 'The page does not answer. Training goes on without it.')
  })
}

async function askToReload(window: BrowserWindow, message: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    buttons: ['Reload', 'Wait'],
    defaultId: 0,
    cancelId: 1
  })
  if (response === 0 && !window.isDestroyed()) window.webContents.reload()
}

/** Logs processes that have ended unexpectedly; the lab itself supervises the trainer. */
export function logLostProcesses(log: Log): void {
  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    if (reason !== 'clean-exit') log.warn(`The process ${name ?? type} ended: ${reason}, code ${exitCode}`)
  })
}

/** Ends the application with a message when the main process itself has a defect: what it would do next is unknown. */
export function endOnDefect(log: Log): void {
  process.on('unhandledRejection', (reason) => log.error('A promise was rejected and nobody heard', reason))
  process.on('uncaughtException', (error) => {
    log.error('The main process failed', error)
    dialog.showErrorBox(
      'Bottleneck Lab has to close',
      `${error.message}\nComplete epochs are kept: start again to continue. The log file has the details.`
    )
    app.exit(1)
  })
}

/** Ends the application with a message when its window could not be opened. */
export function endAfterFailedOpening(error: unknown): void {
  openLog(appPaths().log).error('The window could not be opened', error)
  const { problem } = toLabErrorData(error)
  dialog.showErrorBox('Bottleneck Lab could not start', `${problem}.\nThe log file has the details.`)
  app.exit(1)
}

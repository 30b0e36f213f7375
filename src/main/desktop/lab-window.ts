// One window: its size, its colour before the page has drawn, its place in the next start, its connection to the lab.
import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { serveLab, type LabService } from '@shared/rpc'
import type { Log } from '../system/log'
import { reloadAfterCrash } from './recovery'
import { boundsOnScreen, readRemembered, remember } from './remembered'
import { answerFolderCalls } from './folder-calls'
import type { OpenedFiles } from './opened-files'
import { answerFileCalls } from './save-file'
import { returnToPage, webPreferences } from './security'
import { openTransport } from './ipc-transport'

const SIZE = { width: 1440, height: 900 }
const SMALLEST = { minWidth: 1000, minHeight: 660 } // below it the charts can't be read

export interface WindowOptions {
  lab: LabService
  log: Log
  openedFiles: OpenedFiles
  /** Folder of the built main process; the preload script lies beside it. */
  mainFolder: string
  page: { url: string; origin: string }
  /** The file that remembers bounds and the last folder. */
  memory: string
}

/** Opens a window and shows it once its page has drawn. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { lab, log, openedFiles, page, memory } = options
  const remembered = readRemembered(memory)
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const bounds = remembered.bounds && boundsOnScreen(remembered.bounds, workAreas)
  const window = new BrowserWindow({
    ...SIZE,
    ...SMALLEST,
    ...(bounds ?? {}),
    show: false,
    title: 'Bottleneck Lab',
    backgroundColor: backgroundColor(),
    webPreferences: webPreferences(join(options.mainFolder, '../preload/page-bridge.js'))
  })
  if (remembered.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberBounds(window, memory, log)
  reloadAfterCrash(window, log)
  returnToPage(window.webContents, page.url, log)
  answerFileCalls(window.webContents, page.origin, memory, log)
  answerFolderCalls(window.webContents, page.origin, lab)
  openedFiles.answer(window.webContents, page.origin)
  serveLab(lab, openTransport(window.webContents, page.origin, log))
  window.loadURL(page.url).catch((error: unknown) => log.error('The page could not be loaded', error))
  return window
}

/** `--surface-0` of the theme in use: a window must not flash white in the dark. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#17181a' : '#ffffff'
}

function rememberBounds(window: BrowserWindow, memory: string, log: Log): void {
  window.on('close', () => {
    try {
      remember(memory, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      log.warn(`The window's place could not be remembered: ${String(error)}`)
    }
  })
}

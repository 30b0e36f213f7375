// Leaving the application: while a run trains it asks first, and nothing ends before the lab has closed what it owns.
import { app, BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { Lab } from '../lab/lab'
import type { Log } from '../system/log'

export interface Closing {
  /** Asks before `window` closes if it is the last one and a run trains. */
  watch(window: BrowserWindow): void
  /** Brings back the windows, also those hidden while a run goes on. */
  showWindows(): void
}

const question: MessageBoxOptions = {
  type: 'question',
  title: 'Bottleneck Lab',
  message: 'Training is still going on',
  detail: 'Complete epochs are kept whatever you choose, and a stopped run can be continued.',
  buttons: ['Stop and quit', 'Keep training without a window', 'Cancel'],
  defaultId: 1,
  cancelId: 2,
  noLink: true
}

/** Takes over the application's quitting. */
export function askBeforeQuitting(lab: Lab, log: Log): Closing {
  const state: { stage: 'open' | 'asking' | 'hidden' | 'closed' } = { stage: 'open' }

  async function leave(): Promise<void> {
    if (state.stage === 'asking') return
    const before = state.stage
    state.stage = 'asking'
    const choice = lab.hasActiveRun() ? await ask() : 'quit'
    if (choice === 'stay') state.stage = before
    if (choice === 'hide') {
      state.stage = 'hidden'
      for (const window of BrowserWindow.getAllWindows()) window.hide()
    }
    if (choice !== 'quit') return
    await lab.close().catch((error: unknown) => log.error('The lab could not be closed', error))
    state.stage = 'closed'
    app.quit()
  }

  app.on('before-quit', (event) => {
    if (state.stage === 'closed') return
    event.preventDefault()
    void leave()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  lab.subscribe(() => {
    if (state.stage === 'hidden' && !lab.hasActiveRun()) app.quit()
  })
  return {
    watch(window) {
      window.on('close', (event) => {
        const last = BrowserWindow.getAllWindows().length === 1
        if (state.stage === 'closed' || !last || !lab.hasActiveRun()) return
        event.preventDefault()
        void leave()
      })
    },
    showWindows() {
      if (state.stage === 'hidden') state.stage = 'open'
      for (const window of BrowserWindow.getAllWindows()) {
        if (window.isMinimized()) window.restore()
        window.show()
      }
    }
  }
}

async function ask(): Promise<'quit' | 'hide' | 'stay'> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  const { response } = window ? await dialog.showMessageBox(window, question) : await dialog.showMessageBox(question)
  return (['quit', 'hide', 'stay'] as const)[response] ?? 'stay'
}

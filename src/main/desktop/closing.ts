// Leaving the application: while a run trains or a file is being saved it asks first, a report under way is waited for, and nothing ends
// before the lab has closed what it owns.
import { app, BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import { channels } from '@shared/bridge'
import type { Lab } from '../lab/lab'
import type { Log } from '../system/log'
import { isTrustedSender } from './security'

export interface Closing {
  /** Lets `window` close only after what goes on was asked about or waited for: what its page saves, and of the last one all else. */
  watch(window: BrowserWindow, origin: string): void
  /** Brings back the windows, also those hidden while a run goes on. */
  showWindows(): void
}

interface State {
  stage: 'open' | 'asking' | 'hidden' | 'closed'
  /** What it is again where the application stays. */
  rest: 'open' | 'hidden'
  /** Whether a window was asked for while the application was about to leave: then it stays. */
  isRecalled: boolean
}

type Choice = 'quit' | 'hide' | 'stay'

const trainingQuestion: MessageBoxOptions = {
  type: 'question',
  title: 'Bottleneck Lab',
  message: 'Training is still going on',
  detail: 'Complete epochs are kept whatever you choose, and a stopped run can be continued.',
  buttons: ['Stop and quit', 'Keep training without a window', 'Cancel'],
  defaultId: 1,
  cancelId: 2,
  noLink: true
}

const savingQuestion: MessageBoxOptions = {
  type: 'question',
  title: 'Bottleneck Lab',
  message: 'A file is still being saved',
  detail: 'If the window closes now, it is not saved. It can be exported again.',
  buttons: ['Keep open', 'Close without it'],
  defaultId: 0,
  cancelId: 0,
  noLink: true
}

const LONGEST_REPORT_MILLISECONDS = 30_000
/** A disk that answers no more must not keep the application for ever. */
const LONGEST_CLOSE_MILLISECONDS = 60_000

/** Takes over the application's quitting. */
export function askBeforeQuitting(lab: Lab, log: Log): Closing {
  const saving = new Set<BrowserWindow>()
  const goesOn = () => lab.hasActiveRun() || lab.isWritingReport() || saving.size > 0
  const state: State = { stage: 'open', rest: 'open', isRecalled: false }

  async function leave(): Promise<void> {
    if (state.stage === 'asking') return
    state.stage = 'asking'
    state.isRecalled = false
    const choice = await choose()
    if (choice === 'hide') {
      state.rest = 'hidden'
      hideWindows()
    }
    if (choice !== 'quit') {
      state.stage = state.rest
      return
    }
    const closed = lab.close().catch((error: unknown) => log.error('The lab could not be closed', error))
    await within(LONGEST_CLOSE_MILLISECONDS, closed, () => log.error('The lab did not close in time'))
    state.stage = 'closed'
    app.quit()
  }

  /** What to do once all was asked about and waited for. What begins meanwhile is asked about as well: a window may have been brought back. */
  async function choose(): Promise<Choice> {
    for (let mayStop = false; ;) {
      if (lab.hasActiveRun() && !mayStop) {
        const onTraining = await askAboutTraining()
        if (onTraining !== 'quit') return onTraining
        mayStop = true
      }
      if (saving.size > 0 && !(await isFileGivenUp())) return 'stay'
      if (lab.isWritingReport()) {
        hideWindows() // it is seen that the application closes
        await whenReportIsWritten(lab)
      }
      if (state.isRecalled) return 'stay'
      if (mayStop || !lab.hasActiveRun()) return 'quit'
      showWindows()
      state.isRecalled = false // nobody has asked for them
    }
  }

  function showWindows(): void {
    Object.assign(state, { rest: 'open', isRecalled: true })
    if (state.stage === 'hidden') state.stage = 'open'
    for (const window of BrowserWindow.getAllWindows()) {
      if (window.isMinimized()) window.restore()
      window.show()
    }
  }

  async function closeAlone(window: BrowserWindow): Promise<void> {
    if (!(await isFileGivenUp())) return
    saving.delete(window)
    window.close()
  }

  app.on('before-quit', (event) => {
    if (state.stage === 'closed') return
    event.preventDefault()
    void leave()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  lab.follow(() => {
    if (state.stage === 'hidden' && !lab.hasActiveRun()) app.quit()
  })
  return {
    watch(window, origin) {
      noteSaving(window, origin, saving)
      window.on('close', (event) => {
        const last = BrowserWindow.getAllWindows().length === 1
        if (state.stage === 'closed' || !(last ? goesOn() : saving.has(window))) return
        event.preventDefault()
        void (last ? leave() : closeAlone(window))
      })
    },
    showWindows
  }
}

function hideWindows(): void {
  for (const window of BrowserWindow.getAllWindows()) window.hide()
}

async function askAboutTraining(): Promise<Choice> {
  return (['quit', 'hide', 'stay'] as const)[await ask(trainingQuestion)] ?? 'stay'
}

/** Waits for reports under way, that of a run that has just ended say: it takes seconds, and nobody need be asked. */
async function whenReportIsWritten(lab: Lab): Promise<void> {
  const end = performance.now() + LONGEST_REPORT_MILLISECONDS
  while (lab.isWritingReport() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100))
}

async function isFileGivenUp(): Promise<boolean> {
  return (await ask(savingQuestion)) === 1
}

/** Keeps `saving` true to what the page of `window` says, which says no more once it has gone. */
function noteSaving(window: BrowserWindow, origin: string, saving: Set<BrowserWindow>): void {
  const contents = window.webContents
  const forget = () => void saving.delete(window)
  contents.ipc.on(channels.saving, (event, isSaving: unknown) => {
    if (!isTrustedSender(event, contents, origin)) return
    if (isSaving === true) saving.add(window)
    else forget()
  })
  contents.on('did-navigate', forget)
  contents.on('render-process-gone', forget)
  window.on('closed', forget)
}

/** Waits for `work`, but no longer than so many milliseconds: then `late` is called. */
async function within(milliseconds: number, work: Promise<unknown>, late: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late()
      resolve()
    }, milliseconds)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}

/** The index of the button that was pressed. */
async function ask(question: MessageBoxOptions): Promise<number> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  const { response } = window ? await dialog.showMessageBox(window, question) : await dialog.showMessageBox(question)
  return response
}

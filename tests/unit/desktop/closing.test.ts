// Leaving the application while something goes on. Electron is a stand-in that remembers what was asked.
import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { beforeEach, expect, test, vi } from 'vitest'
import { askBeforeQuitting } from '../../../src/main/desktop/closing'
import type { Lab } from '../../../src/main/lab/lab'
import type { Log } from '../../../src/main/system/log'

const electron = vi.hoisted(() => ({
  quits: 0,
  asked: [] as string[],
  answers: [] as number[],
  windows: 1,
  shown: [] as string[],
  handlers: new Map<string, (event: { preventDefault(): void }) => void>()
}))
vi.mock('electron', () => ({
  app: {
    on: (name: string, handler: () => void) => electron.handlers.set(name, handler),
    quit: () => void (electron.quits += 1)
  },
  BrowserWindow: {
    getAllWindows: () =>
      Array.from({ length: electron.windows }, () => ({
        hide: () => electron.shown.push('hidden'),
        isMinimized: () => false,
        show: () => electron.shown.push('shown')
      })),
    getFocusedWindow: () => null
  },
  dialog: {
    async showMessageBox(_: unknown, { message }: { message: string }) {
      electron.asked.push(message)
      return { response: electron.answers.shift() }
    }
  }
}))

const TRAINING = 'Training is still going on'
const FILE = 'A file is still being saved'
const ORIGIN = 'lab://page'

beforeEach(() => Object.assign(electron, { quits: 0, asked: [], answers: [], windows: 1, shown: [] }))

/** A window whose page can say what it does. */
function stubWindow() {
  const contents = Object.assign(new EventEmitter(), { ipc: new EventEmitter() })
  const window = Object.assign(new EventEmitter(), { webContents: contents, close: vi.fn() })
  const say = (isSaving: unknown, url = `${ORIGIN}/`) =>
    contents.ipc.emit('saving', { sender: contents, senderFrame: { parent: null, url } }, isSaving)
  return { window, contents, say }
}

/** What comes of closing the last window, with the buttons that are pressed, by their numbers. */
async function close(doing: { trains?: boolean; reports?: () => boolean; saves?: boolean }, ...answers: number[]) {
  electron.answers.push(...answers)
  const closed: string[] = []
  const lab = {
    hasActiveRun: () => doing.trains ?? false,
    isWritingReport: () => doing.reports?.() ?? false,
    follow: () => undefined,
    close: async () => void closed.push('lab')
  } as unknown as Lab
  const { window, say } = stubWindow()
  askBeforeQuitting(lab, {} as Log).watch(window as unknown as BrowserWindow, ORIGIN)
  say(true)
  say(false)
  if (doing.saves) say(true)
  let isHeld = false
  window.emit('close', { preventDefault: () => (isHeld = true) })
  await vi.waitFor(() => expect(electron.answers).toEqual([]))
  await new Promise((resolve) => setImmediate(resolve))
  return { isHeld, asked: electron.asked, hasQuit: electron.quits > 0, labClosed: closed.length > 0 }
}

test('a window closes unasked where nothing goes on', async () => {
  expect(await close({})).toEqual({ isHeld: false, asked: [], hasQuit: false, labClosed: false })
})

test('a report that is being drawn is waited for, and nobody is asked', async () => {
  const reports = { left: 3 } // looks, until it is written
  const { isHeld, asked } = await close({ reports: () => reports.left-- > 0 })
  expect([isHeld, asked]).toEqual([true, []])
  await vi.waitFor(() => expect(electron.quits).toBe(1))
  expect(reports.left).toBeLessThan(0)
})

/** An application that quits while a report is written, with what may happen until `write` is called. */
function quitWhileReporting() {
  const doing = { trains: false, reports: true }
  const close = vi.fn(async () => undefined)
  const lab = {
    hasActiveRun: () => doing.trains,
    isWritingReport: () => doing.reports,
    follow: () => undefined,
    close
  } as unknown as Lab
  const closing = askBeforeQuitting(lab, {} as Log)
  electron.handlers.get('before-quit')?.({ preventDefault: () => undefined })
  return { doing, close, closing, write: () => (doing.reports = false) }
}

test('a training that begins while a report is waited for is asked about, in a window that is there again', async () => {
  const { doing, close, write } = quitWhileReporting()
  expect(electron.shown).toEqual(['hidden'])
  doing.trains = true
  electron.answers.push(2)
  write()
  await vi.waitFor(() => expect(electron.asked).toEqual([TRAINING]))
  expect(electron.shown).toEqual(['hidden', 'shown'])
  electron.answers.push(0)
  electron.handlers.get('before-quit')?.({ preventDefault: () => undefined })
  await vi.waitFor(() => expect(electron.quits).toBe(1))
  expect(close).toHaveBeenCalledOnce()
})

test('a window that is asked for while a report is waited for stays', async () => {
  const { close, closing, write } = quitWhileReporting()
  closing.showWindows()
  write()
  await new Promise((resolve) => setTimeout(resolve, 300)) // longer than between two looks at the report
  expect([close.mock.calls.length, electron.quits]).toEqual([0, 0])
  expect(electron.shown).toEqual(['hidden', 'shown'])
})

test('a window that is closed while a file is saved stays, if its user wants that', async () => {
  const { isHeld, asked, hasQuit } = await close({ saves: true }, 0)
  expect([isHeld, asked, hasQuit]).toEqual([true, [FILE], false])
})

test('the file is given up where that is said', async () => {
  const { asked, hasQuit, labClosed } = await close({ saves: true }, 1)
  expect([asked, hasQuit, labClosed]).toEqual([[FILE], true, true])
})

test('both are asked where a run trains as well, the file only where the application quits', async () => {
  expect((await close({ trains: true, saves: true }, 0, 0)).hasQuit).toBe(false)
  expect(electron.asked).toEqual([TRAINING, FILE])
  electron.asked = []
  await close({ trains: true, saves: true }, 2)
  expect(electron.asked).toEqual([TRAINING])
})

test('quitting from the menu asks the same', async () => {
  await close({ saves: true }, 0)
  electron.answers.push(0)
  electron.asked = []
  let isHeld = false
  electron.handlers.get('before-quit')?.({ preventDefault: () => (isHeld = true) })
  await vi.waitFor(() => expect(electron.answers).toEqual([]))
  expect([isHeld, electron.asked]).toEqual([true, [FILE]])
})

test('one of several windows asks for its own page’s file alone', async () => {
  electron.windows = 2
  const lab = { hasActiveRun: () => true, isWritingReport: () => true, follow: () => undefined }
  const closing = askBeforeQuitting(lab as unknown as Lab, {} as Log)
  const [saving, idle] = [stubWindow(), stubWindow()]
  for (const { window } of [saving, idle]) closing.watch(window as unknown as BrowserWindow, ORIGIN)
  saving.say(true)
  const close = ({ window }: ReturnType<typeof stubWindow>) => {
    let isHeld = false
    window.emit('close', { preventDefault: () => (isHeld = true) })
    return isHeld
  }
  expect(close(idle)).toBe(false)
  electron.answers.push(0)
  expect(close(saving)).toBe(true)
  await vi.waitFor(() => expect(electron.answers).toEqual([]))
  expect(saving.window.close).not.toHaveBeenCalled()
  electron.answers.push(1)
  expect(close(saving)).toBe(true)
  await vi.waitFor(() => expect(saving.window.close).toHaveBeenCalledOnce())
  expect(close(saving)).toBe(false)
  expect(electron.asked).toEqual([FILE, FILE])
})

test('a page that has gone, and one that is not ours, hold nothing open', async () => {
  const lab = { hasActiveRun: () => false, isWritingReport: () => false, follow: () => undefined }
  const { window, contents, say } = stubWindow()
  askBeforeQuitting(lab as unknown as Lab, {} as Log).watch(window as unknown as BrowserWindow, ORIGIN)
  const isHeld = () => {
    let held = false
    window.emit('close', { preventDefault: () => (held = true) })
    return held
  }
  say(true, 'https://elsewhere.example/')
  expect(isHeld()).toBe(false)
  for (const end of ['did-navigate', 'render-process-gone']) {
    say(true)
    contents.emit(end)
    expect(isHeld()).toBe(false)
  }
})

test('a lab that does not close is left after a minute', async () => {
  vi.useFakeTimers()
  try {
    const errors: string[] = []
    const lab = {
      hasActiveRun: () => false,
      isWritingReport: () => false,
      follow: () => undefined,
      close: () => new Promise(() => undefined)
    }
    const log = { error: (text: string) => errors.push(text) }
    askBeforeQuitting(lab as unknown as Lab, log as unknown as Log)
    electron.handlers.get('before-quit')?.({ preventDefault: () => undefined })
    await vi.advanceTimersByTimeAsync(59_000)
    expect(electron.quits).toBe(0)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([electron.quits, errors]).toEqual([1, ['The lab did not close in time']])
  } finally {
    vi.useRealTimers()
  }
})

// Files that the system hands over. Electron is a stand-in with one page.
import type { WebContents } from 'electron'
import { expect, test, vi } from 'vitest'
import { createOpenedFiles } from '../../../src/main/desktop/opened-files'

const electron = vi.hoisted(() => ({ told: [] as string[] }))
vi.mock('electron', () => ({
  BrowserWindow: { getAllWindows: () => [{ webContents: { send: (channel: string) => electron.told.push(channel) } }] }
}))

const ORIGIN = 'app://window'

/** A page whose own frame, or a frame within it, asks. */
function pageOf() {
  let answer: (event: unknown) => unknown = () => undefined
  const contents = { ipc: { handle: (_: string, handler: typeof answer) => (answer = handler) } }
  const ask = (parent: unknown, url = `${ORIGIN}/index.html`) =>
    answer({ sender: contents, senderFrame: { parent, url } })
  return { contents: contents as unknown as WebContents, ask }
}

test('what was opened before there was a page waits for it, and goes to one page once', () => {
  const opened = createOpenedFiles()
  opened.add([])
  expect(electron.told).toEqual([])
  opened.add(['/a.bottleneck'])
  expect(electron.told).toEqual(['file-opened'])
  opened.add(['/b.bottleneck'])
  const { contents, ask } = pageOf()
  opened.answer(contents, ORIGIN)
  expect(ask(null)).toEqual(['/a.bottleneck', '/b.bottleneck'])
  expect(ask(null)).toEqual([])
})

test('only the application’s own page is answered', () => {
  const opened = createOpenedFiles()
  const { contents, ask } = pageOf()
  opened.answer(contents, ORIGIN)
  opened.add(['/a.bottleneck'])
  expect(() => ask({})).toThrow('Refused')
  expect(() => ask(null, 'https://elsewhere/')).toThrow('Refused')
  expect(ask(null)).toEqual(['/a.bottleneck'])
})

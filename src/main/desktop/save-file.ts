// Saves what the page hands over where the user says, and copies text and pictures; answers only the window's own page.
import { basename, dirname, join } from 'node:path'
import { app, BrowserWindow, clipboard, ClipboardItem, dialog, type FileFilter, type WebContents } from 'electron'
import * as v from 'valibot'
import { channels, MOST_SAVED_BYTES } from '@shared/bridge'
import { sentence, toLabErrorData } from '@shared/errors'
import { plainText } from '@shared/plain-text'
import { isPngOfUsualSize } from '@shared/png'
import { writeOutputFile } from '../lab/output-file'
import type { Log } from '../system/log'
import { readRemembered, remember } from './remembered'
import { isTrustedSender } from './security'

const SaveArguments = v.tuple([
  v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.byteLength <= MOST_SAVED_BYTES)
  )
])
const CopyArguments = v.tuple([v.pipe(v.string(), v.maxLength(1_000_000))])

const LARGEST_PICTURE_BYTES = 100_000_000
const PictureArguments = v.tuple([
  v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.byteLength <= LARGEST_PICTURE_BYTES && isPngOfUsualSize(bytes))
  )
])

const filters: Readonly<Record<string, FileFilter>> = {
  pdf: { name: 'PDF document', extensions: ['pdf'] },
  csv: { name: 'Comma-separated values', extensions: ['csv'] },
  svg: { name: 'SVG picture', extensions: ['svg'] },
  png: { name: 'PNG picture', extensions: ['png'] },
  gif: { name: 'GIF animation', extensions: ['gif'] },
  webm: { name: 'WebM video', extensions: ['webm'] },
  zip: { name: 'ZIP archive', extensions: ['zip'] },
  json: { name: 'JSON', extensions: ['json'] }
}

/** Answers `saveFile`, `copyText` and `copyPicture` of the page in `contents`. `memory` is the file that remembers the last folder. */
export function answerFileCalls(contents: WebContents, origin: string, memory: string, log: Log): void {
  contents.ipc.handle(channels.saveFile, async (event, ...args: unknown[]) => {
    if (!isTrustedSender(event, contents, origin)) throw new Error('Refused')
    const [name, bytes] = v.parse(SaveArguments, args)
    const path = await saveFile(contents, name, bytes, memory)
    if (path !== null) rememberFolder(path, memory, log)
    return path
  })
  contents.ipc.handle(channels.copyText, async (event, ...args: unknown[]) => {
    if (!isTrustedSender(event, contents, origin)) throw new Error('Refused')
    const [text] = v.parse(CopyArguments, args)
    await clipboard.writeText(text)
  })
  contents.ipc.handle(channels.copyPicture, async (event, ...args: unknown[]) => {
    if (!isTrustedSender(event, contents, origin)) throw new Error('Refused')
    const [png] = v.parse(PictureArguments, args)
    const isCurrent = typeof (ClipboardItem as unknown) === 'function' // there is none in older versions
    if (!isCurrent) return (await import('./old-electron')).writePicture(png)
    await clipboard.write([new ClipboardItem({ 'image/png': new Blob([Uint8Array.from(png)], { type: 'image/png' }) })])
  })
}

/** The path that was written, or null if the user cancelled or the file could not be written, in which case a dialog has said why. */
async function saveFile(
  contents: WebContents,
  name: string,
  bytes: Uint8Array,
  memory: string
): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(contents)
  if (window === null) return null
  const filter = filters[name.split('.').pop() ?? '']
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save',
    defaultPath: join(readRemembered(memory).saveFolder ?? app.getPath('documents'), fileName(name)),
    ...(filter ? { filters: [filter] } : {})
  })
  if (canceled || !filePath) return null
  try {
    await writeOutputFile(filePath, bytes)
    return filePath
  } catch (error) {
    await dialog.showMessageBox(window, { type: 'error', message: sentence(toLabErrorData(error)) })
    return null
  }
}

function rememberFolder(path: string, memory: string, log: Log): void {
  try {
    remember(memory, { saveFolder: dirname(path) })
  } catch (error) {
    log.warn(`The folder of a saved file could not be remembered: ${String(error)}`)
  }
}

/** A name that every platform's file system takes. */
function fileName(name: string): string {
  return basename(plainText(name).replace(/[\\/:*?"<>|]/g, '-'))
}

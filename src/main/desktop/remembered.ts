// What the desktop remembers between starts: where the window stood and where a file was last saved.
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { temporaryBeside } from '../system/atomic-write'
import { makeFolderSync, PRIVATE_FILE } from '../system/make-folder'
import { parseJson } from '../system/parse-json'

const length = v.pipe(v.number(), v.finite())
const RectangleSchema = v.object({ x: length, y: length, width: length, height: length })
export type Rectangle = v.InferOutput<typeof RectangleSchema>

const RememberedSchema = v.object({
  /** Of the window when it is not maximized; null at the first start. */
  bounds: v.nullable(RectangleSchema),
  maximized: v.boolean(),
  saveFolder: v.nullable(v.string())
})
export type Remembered = v.InferOutput<typeof RememberedSchema>

const MOST_BYTES = 2 ** 16
const NOTHING: Remembered = { bounds: null, maximized: false, saveFolder: null }

/** What the file at `path` holds, or the defaults: a lost window position is no reason to bother anybody. */
export function readRemembered(path: string): Remembered {
  try {
    return v.parse(RememberedSchema, parseJson(readSmallFile(path)))
  } catch {
    return NOTHING
  }
}

/**
 * Adds `news` to the file. Synchronous, since it runs while the window closes, and not forced to the disk: a lost position may be lost.
 * Two writers don't share a temporary file; the later one's news stand. Throws the file system's error.
 */
export function remember(path: string, news: Partial<Remembered>): void {
  makeFolderSync(dirname(path))
  const temporary = temporaryBeside(path)
  try {
    const content = JSON.stringify({ ...readRemembered(path), ...news })
    writeFileSync(temporary, content, { mode: PRIVATE_FILE, flag: 'wx' }) // follows no link that waits under its name
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Regular files only, opened without waiting and their size known before memory is taken. Throws where it is none, or large. */
function readSmallFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > MOST_BYTES) throw new Error('not the remembered file')
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** `bounds` moved and shrunk into the work area that shows most of it; null when none shows a usable part. */
export function boundsOnScreen(bounds: Rectangle, workAreas: readonly Rectangle[]): Rectangle | null {
  const byOverlap = [...workAreas].sort((a, b) => overlap(bounds, b) - overlap(bounds, a))
  const area = byOverlap[0]
  if (area === undefined || overlap(bounds, area) < 100 * 100) return null
  const width = Math.min(bounds.width, area.width)
  const height = Math.min(bounds.height, area.height)
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height
  }
}

/** Square pixels that two rectangles share. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

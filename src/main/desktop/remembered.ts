// What the desktop remembers between starts: where the window stood and where a file was last saved.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { makeFolderSync } from '../system/make-folder'

const RectangleSchema = v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() })
export type Rectangle = v.InferOutput<typeof RectangleSchema>

const RememberedSchema = v.object({
  /** Of the window when it is not maximized; null at the first start. */
  bounds: v.nullable(RectangleSchema),
  maximized: v.boolean(),
  saveFolder: v.nullable(v.string())
})
export type Remembered = v.InferOutput<typeof RememberedSchema>

const NOTHING: Remembered = { bounds: null, maximized: false, saveFolder: null }

/** What the file at `path` holds, or the defaults: a lost window position is no reason to bother anybody. */
export function readRemembered(path: string): Remembered {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return v.is(RememberedSchema, content) ? content : NOTHING
  } catch {
    return NOTHING
  }
}

/** Adds `news` to the file. Synchronous, since it runs while the window closes. Throws the file system's error. */
export function remember(path: string, news: Partial<Remembered>): void {
  makeFolderSync(dirname(path))
  writeFileSync(`${path}.tmp`, JSON.stringify({ ...readRemembered(path), ...news }))
  renameSync(`${path}.tmp`, path)
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

// What every reader of images answers with, and the bounds within which all of them stay.
import { LabError } from '@shared/errors'
import { formatBytes, formatCount } from '@shared/format'
import { LARGEST_SIDE, SMALLEST_SIDE } from '@shared/dataset'
import { availableMemory } from '../../system/available-memory'
import { notUsable, type FileKind } from '../../system/regular-file'

/** Images of one part of a data set: pixels [count × rows × columns] 0 to 255; of each image its label in words. */
export interface ReadPart {
  pixels: Uint8Array
  labels: string[]
}

/** What was understood of a user's files. */
export interface ReadImages {
  /** `IDX`, `NPZ`, `CSV`, `folder of images`. */
  kind: string
  rows: number
  columns: number
  train: ReadPart
  /** Null where the files have no test part. */
  test: ReadPart | null
  /** What was assumed or changed while reading, as sentences without a full stop. */
  notes: string[]
}

/** What a reader is given: how far it is can be told, and it can be ended. */
export interface ReadTools {
  signal: AbortSignal
  /** Values, files or bytes, as the reader counts. */
  onProgress(done: number, total: number): void
}

/** No limit of its own, no telling. */
export const quietly: ReadTools = { signal: new AbortController().signal, onProgress: () => undefined }

/** Values of all images together, a byte each. */
export const MOST_VALUES = 2 ** 30
export const MOST_IMAGES = 2_000_000
/** An image without a label of its own belongs to this one class. */
export const UNLABELLED = 'unlabelled'

export const USERS_FILE: FileKind = {
  what: 'The data file',
  remedy: 'The data may be IDX, NPZ, CSV or a folder of PNG or JPEG images'
}

/** The LabError for a file of the user's that can't be read as images. */
export function badData(path: string, found: string, expected: string, remedy = USERS_FILE.remedy): LabError {
  return notUsable(path, { ...USERS_FILE, remedy: remedy ?? '' }, found, expected)
}

/**
 * Throws LabError `bad-file` where images of this size, or so many of them, are not taken; before anything is allocated for them.
 * `bytesAPixel` is what a pixel takes while it is read.
 */
export function checkImages(path: string, count: number, rows: number, columns: number, bytesAPixel = 1): void {
  const fits = (side: number) => Number.isInteger(side) && side >= SMALLEST_SIDE && side <= LARGEST_SIDE
  if (!fits(rows) || !fits(columns)) {
    const expected = `${SMALLEST_SIDE} × ${SMALLEST_SIDE} to ${LARGEST_SIDE} × ${LARGEST_SIDE} pixels`
    throw badData(path, `images of ${rows} × ${columns}`, expected, 'Scale the images to that size')
  }
  if (!Number.isInteger(count) || count < 1 || count > MOST_IMAGES) {
    throw badData(path, `${formatCount(count)} images`, `1 to ${formatCount(MOST_IMAGES)}`)
  }
  const bytes = count * rows * columns * bytesAPixel
  const most = Math.min(MOST_VALUES, availableMemory() / 4)
  if (bytes > most)
    throw badData(path, formatBytes(bytes), `at most ${formatBytes(most)} of memory`, 'Take fewer images')
}

/** The side of a square image of so many pixels; null where they make no square. */
export function squareSide(pixels: number): number | null {
  const side = Math.sqrt(pixels)
  return Number.isInteger(side) ? side : null
}

/** Throws LabError `busy` where the user has given it up. */
export function checkNotCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled()
}

export const cancelled = () => new LabError('busy', 'Reading the data was cancelled')

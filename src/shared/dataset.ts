// What a data set is called and how big its images may be: shared by window, command line and report.
import * as v from 'valibot'
import type { Bounds, DatasetInfo } from './run'
import { plainText } from './plain-text'

/** Pixels of an image's side, least and most. */
export const SMALLEST_SIDE = 4
export const LARGEST_SIDE = 64
export const MOST_CLASSES = 256
/** Images that each part of a data set has at least: the first ten are drawn at every epoch. */
export const LEAST_IMAGES = 10
/** Where there is no test part, every tenth image becomes one. */
export const TEST_SHARE = 10

/**
 * Where Fashion-MNIST's publisher has its four files, by the README that is in Debian's package. Not encrypted: what comes counts by
 * its SHA-256 alone.
 */
export const FASHION_PUBLISHER = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'

const NAME_WORDS = '1 to 40 small letters, digits and dashes, beginning with a letter or a digit'
const nameRefusal = `data set: expected ${NAME_WORDS}`

/** The name of a data set, which is also its folder's. */
export const DatasetNameSchema = v.pipe(v.string(nameRefusal), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, nameRefusal))
export const DATASET_NAME_EXPECTED = NAME_WORDS

/** How images are changed when they are added. */
export const ImageChangesSchema = v.strictObject({
  /** Rows become columns, as EMNIST needs it. */
  transpose: v.boolean('transpose: expected true or false'),
  /** Black becomes white: models take ink as white on black. */
  invert: v.boolean('invert: expected true or false')
})
export type ImageChanges = v.InferOutput<typeof ImageChangesSchema>

/** Most that pages have sent at once and not added yet, all of them together. */
export const MOST_UPLOAD_BYTES = 2 ** 29
export const MOST_UPLOAD_FILES = 100_000
/** Bytes of the pieces of one call, paths included: a call of a browser's page has 64 kB at most. */
export const PIECES_BYTES = 48 * 1024
export const MOST_PIECES = 256

const sizeRefusal = 'size: expected whole numbers of bytes and files'
const whole = v.pipe(v.number(sizeRefusal), v.safeInteger(sizeRefusal), v.minValue(0, sizeRefusal))
/** Of files that a page is about to send. */
export const UploadSizeSchema = v.strictObject({ bytes: whole, files: whole })
export type UploadSize = v.InferOutput<typeof UploadSizeSchema>

const partRefusal =
  'path: expected names of files and folders that every system takes, joined by /, of at most 1,024 characters'
/** No name leads out of its folder, is another one on Windows, or hides. */
const FILE_NAME = /^(?!\.)[^/\\:*?"<>|\u0000-\u001f\u007f]{1,200}(?<![. ])$/
/** Whether a file may be sent under this path: names of files and folders joined by `/`. */
export const isSendablePath = (path: string) =>
  path.length <= 1024 && path.split('/').length <= 8 && path.split('/').every((name) => FILE_NAME.test(name))

const piecesRefusal = `pieces: expected 1 to ${MOST_PIECES} of them with at most ${PIECES_BYTES} bytes each`

/** A piece of a file: its path within what is sent, and bytes. An empty file has one piece. */
const UploadPartSchema = v.strictObject({
  path: v.pipe(v.string(partRefusal), v.check(isSendablePath, partRefusal)),
  bytes: v.pipe(v.instance(Uint8Array, piecesRefusal), v.maxLength(PIECES_BYTES, piecesRefusal))
})
export const UploadPartsSchema = v.pipe(
  v.array(UploadPartSchema, piecesRefusal),
  v.minLength(1, piecesRefusal),
  v.maxLength(MOST_PIECES, piecesRefusal)
)
export interface UploadPart {
  path: string
  bytes: Uint8Array
}

/** A data set as it is listed. */
export interface ListedDataset extends DatasetInfo {
  /** Comes with the application and can't be removed. */
  builtIn: boolean
  /** What its files take on disk. */
  bytes: number
  /** Where it came from, as a sentence without a full stop; empty of what is built in. */
  source: string
}

/** A data set that was just added, and what was understood of its files. */
export interface AddedDataset extends DatasetInfo {
  kind: string
  /** How the test part was made, what was assumed and changed: sentences without a full stop. */
  notes: string[]
}

/** A well-known data set that is not added yet. */
export interface TakeableDataset {
  name: string
  title: string
  /** The folder of this computer that has its files; null where none is known. */
  folder: string | null
}

export interface DatasetList {
  datasets: ListedDataset[]
  takeable: TakeableDataset[]
}

/** What was understood of a user's files, before they are added. */
export interface Inspection {
  path: string
  /** `IDX`, `NPZ`, `CSV`, `folder of images`. */
  kind: string
  rows: number
  columns: number
  trainCount: number
  testCount: number
  classes: string[]
  /** How the test part is made, what was assumed: sentences without a full stop. */
  notes: string[]
  /** Of the first images, one of each class before a second: pixels [count × rows × columns] uint8, as they lie in the files. */
  samples: Uint8Array
  sampleLabels: string[]
  /** What it may be called. */
  suggestedName: string
}

/** `digit` of MNIST, `image` of everything else: what one example is called. */
export function imageWord({ name }: Pick<DatasetInfo, 'name'>): 'digit' | 'image' {
  return name === 'mnist' ? 'digit' : 'image'
}

/** `mean digit` or `mean image`: the bound that a model has to leave. */
export function meanName(dataset: Pick<DatasetInfo, 'name'>): string {
  return `mean ${imageWord(dataset)}`
}

/** A run's bounds with the name that the mean bears in charts and sentences. */
export function namedBounds<B extends Bounds>({ bounds, dataset }: { bounds: B; dataset: Pick<DatasetInfo, 'name'> }) {
  return { ...bounds, meanName: meanName(dataset) }
}

/** What a class is called: `Sneaker`, `4`. */
export function className({ classes }: Pick<DatasetInfo, 'classes'>, label: number): string {
  return classes?.[label] ?? String(label)
}

/** The number by which people know a test image: the first is number 1. */
export const imageNumber = (index: number) => index + 1

/** `test digit 5, a 4`, `test image 5, Sneaker`: the test image at an index, counted from 0, and its class where that is known. */
export function testImageName(dataset: Pick<DatasetInfo, 'name' | 'classes'>, index: number, label?: number): string {
  const word = imageWord(dataset)
  const name = `test ${word} ${imageNumber(index)}`
  if (label === undefined) return name
  const isDigit = word === 'digit'
  return `${name}, ${isDigit ? (label === 8 ? 'an ' : 'a ') : ''}${className(dataset, label)}`
}

/** A name like `My data (2).npz` as a data set may bear it: `my-data-2`. */
export function datasetNameOf(text: string): string {
  const name = plainText(text)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return name || 'my-data'
}

/** Images [count × rows × columns] with rows and columns swapped and black for white, as asked; the same array where nothing is. */
export function changedImages(
  pixels: Uint8Array,
  rows: number,
  columns: number,
  { transpose, invert }: ImageChanges
): Uint8Array {
  if (!transpose && !invert) return pixels
  const size = rows * columns
  const changed = new Uint8Array(pixels.length)
  for (let start = 0; start < pixels.length; start += size) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const value = pixels[start + row * columns + column] as number
        const place = transpose ? column * rows + row : row * columns + column
        changed[start + place] = invert ? 255 - value : value
      }
    }
  }
  return changed
}

// IDX files of a user, also gzipped and under all their usual names: images and labels, for training and test.
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import { isNoFolder } from '../../system/exists'
import { eachPiece } from './file-parts'
import {
  badData,
  checkImages,
  MOST_IMAGES,
  UNLABELLED,
  type ReadImages,
  type ReadPart,
  type ReadTools
} from './read-images'

const TYPE_UINT8 = 0x08
/** Folders within a folder where other programs put the files; torchvision has `FashionMNIST/raw`. */
const PLACES = ['', 'raw']

export type IdxRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels'
export type IdxPaths = Partial<Record<IdxRole, string>>

/** An IDX file of bytes, whole: its sizes, values and the SHA-256 of its unpacked content. Throws LabError. */
export async function readIdxFile(
  path: string,
  dimensions: number,
  tools: ReadTools
): Promise<{ sizes: number[]; values: Uint8Array; sha256: string }> {
  const headerBytes = 4 + 4 * dimensions
  const head = Buffer.alloc(headerBytes)
  const hash = createHash('sha256')
  let [seen, sizes, values] = [0, [] as number[], new Uint8Array(0)]
  await eachPiece(path, tools, (piece) => {
    hash.update(piece)
    let rest = piece
    if (seen < headerBytes) {
      const taken = Math.min(headerBytes - seen, piece.length)
      head.set(piece.subarray(0, taken), seen)
      seen += taken
      rest = piece.subarray(taken)
      if (seen < headerBytes) return
      sizes = sizesOf(head, path, dimensions)
      values = new Uint8Array(sizes.reduce((product, size) => product * size, 1))
    }
    const at = seen - headerBytes
    if (at + rest.length > values.length) {
      throw badData(path, 'more bytes than its header says', `${headerBytes + values.length} bytes`)
    }
    values.set(rest, at)
    seen += rest.length
  })
  if (seen < headerBytes) throw badData(path, `${seen} bytes`, `a header of ${headerBytes} bytes and data after it`)
  if (seen < headerBytes + values.length)
    throw badData(path, `${seen} bytes`, `${headerBytes + values.length} by its header`)
  return { sizes, values, sha256: hash.digest('hex') }
}

function sizesOf(head: Buffer, path: string, dimensions: number): number[] {
  const expected = Buffer.from([0, 0, TYPE_UINT8, dimensions])
  if (!head.subarray(0, 4).equals(expected)) {
    const hex = (bytes: Buffer) => bytes.toString('hex').replace(/(..)(?=.)/g, '$1 ')
    const what = dimensions === 1 ? 'labels' : 'images'
    throw badData(path, `a file that begins with ${hex(head.subarray(0, 4))}`, `${hex(expected)} (IDX, bytes, ${what})`)
  }
  const sizes = Array.from({ length: dimensions }, (_, index) => head.readUInt32BE(4 + 4 * index))
  const [count = 0, rows, columns] = sizes
  if (rows !== undefined && columns !== undefined) checkImages(path, count, rows, columns)
  else if (count < 1 || count > MOST_IMAGES) throw badData(path, `${count} labels`, `1 to ${MOST_IMAGES}`)
  return sizes
}

/** The IDX files at a path: those of a folder, or those that belong to a file. Null where none is called so. Throws LabError where there are several sets. */
export async function findIdxFiles(path: string): Promise<IdxPaths | null> {
  const isFile = await isNoFolder(path)
  const folder = isFile ? dirname(path) : path
  const sets = new Map<string, IdxPaths>()
  for (const place of isFile ? [''] : PLACES) {
    const inside = join(folder, place)
    const names = await readdir(inside).catch(() => [])
    for (const name of names.sort()) addTo(sets, inside, name) // uncompressed before .gz
    if (sets.size > 0) break
  }
  const own = isFile ? sets.get(setOf(basename(path)) ?? '') : undefined
  if (isFile) return own ?? null
  if (sets.size > 1) {
    const prefixes = [...sets.keys()].map((prefix) => prefix || 'without a prefix')
    throw badData(
      path,
      `IDX files of several data sets (${prefixes.slice(0, 8).join(', ')})`,
      'those of one',
      'Name one of its image files'
    )
  }
  return [...sets.values()][0] ?? null
}

function addTo(sets: Map<string, IdxPaths>, folder: string, name: string): void {
  const set = setOf(name)
  const role = roleOf(name)
  if (set === null || !role) return
  const files = sets.get(set) ?? {}
  files[role] ??= join(folder, name)
  sets.set(set, files)
}

/** `emnist-letters` of `emnist-letters-train-images-idx3-ubyte.gz`, empty of MNIST's own names; null of no name of IDX files. */
function setOf(name: string): string | null {
  const match =
    /^(.*?)[-_.]?(?:train(?:ing)?|t10k|test)[-_.]?(?:images?|labels?)[-_.]?(?:idx[13])?[-_.]?u?byte?(?:\.gz)?$/i.exec(
      name
    )
  const shorter = /^(.*?)[-_.]?(?:train(?:ing)?|t10k|test)[-_.]?(?:images?|labels?)[-_.]?idx[13]?(?:\.gz)?$/i.exec(name)
  return (match ?? shorter)?.[1]?.toLowerCase() ?? null
}

function roleOf(name: string): IdxRole | null {
  const isTest = /(t10k|test)[-_.]?(image|label)/i.test(name)
  if (/image/i.test(name)) return isTest ? 'testImages' : 'trainImages'
  return /label/i.test(name) ? (isTest ? 'testLabels' : 'trainLabels') : null
}

/** All images of a set of IDX files. Throws LabError. */
export async function readIdxSet(paths: IdxPaths, tools: ReadTools): Promise<ReadImages> {
  const { trainImages, testImages } = paths
  if (!trainImages) {
    throw new LabError('not-found', 'The data has no training images', {
      found: testImages ? basename(testImages) : 'no images',
      expected: 'a file called like train-images-idx3-ubyte'
    })
  }
  const train = await readPart(trainImages, paths.trainLabels, tools)
  const test = testImages ? await readPart(testImages, paths.testLabels, tools) : null
  if (test && (test.rows !== train.rows || test.columns !== train.columns)) {
    throw badData(
      testImages ?? '',
      `images of ${test.rows} × ${test.columns}`,
      `${train.rows} × ${train.columns} as for training`
    )
  }
  const notes = [train, test].some((part) => part && !part.isLabelled) ? ['Images without labels are one class'] : []
  return { kind: 'IDX', rows: train.rows, columns: train.columns, train: train.part, test: test?.part ?? null, notes }
}

async function readPart(images: string, labels: string | undefined, tools: ReadTools) {
  const { sizes, values } = await readIdxFile(images, 3, tools)
  const [count = 0, rows = 0, columns = 0] = sizes
  const read = labels === undefined ? null : await readIdxFile(labels, 1, tools)
  if (read && read.values.length !== count) {
    throw badData(labels ?? '', `${read.values.length} labels`, `${count}, as many as ${basename(images)} has images`)
  }
  const names = Array.from({ length: 256 }, (_, label) => String(label))
  const part: ReadPart = {
    pixels: values,
    labels: read ? Array.from(read.values, (label) => names[label] ?? '') : new Array<string>(count).fill(UNLABELLED)
  }
  return { part, rows, columns, isLabelled: read !== null }
}

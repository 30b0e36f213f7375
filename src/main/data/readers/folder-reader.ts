// A folder of PNG or JPEG pictures: each subfolder is a class; folders `train` and `test` above them are parts, unless `train` is a class.
import { opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LabError } from '@shared/errors'
import { formatCount } from '@shared/format'
import { readRegularFile } from '../../system/regular-file'
import { decodeImage, type GreyImage } from './decode-image'
import {
  badData,
  checkImages,
  checkNotCancelled,
  MOST_IMAGES,
  UNLABELLED,
  USERS_FILE,
  type ReadImages,
  type ReadPart,
  type ReadTools
} from './read-images'

/** A picture of 64 × 64 pixels takes a tenth of it at most; one that takes more is something else. */
const MOST_PICTURE_BYTES = 2 ** 18
const PICTURE = /\.(png|jpe?g)$/i
/** By a number within the name as a number: 2 before 10. */
const order = new Intl.Collator('en', { numeric: true })

interface Listing {
  pictures: string[]
  folders: string[]
  others: number
}

interface LabelledPath {
  path: string
  label: string
}

/** Reads all pictures of a folder. Throws LabError. */
export async function readImageFolder(folder: string, tools: ReadTools): Promise<ReadImages> {
  const top = await listFolder(folder)
  const parts = await partsOf(top)
  const beside = parts ? top.pictures.length + top.folders.length - (parts.test ? 2 : 1) : 0
  const seen = { others: 0, folders: 0 }
  const train = await picturesIn(parts?.train ?? folder, seen)
  const test = parts?.test ? await picturesIn(parts.test, seen) : null
  if (train.length === 0) {
    throw new LabError('not-found', `${folder} has no pictures`, {
      expected: 'PNG or JPEG files, in one subfolder a class'
    })
  }
  const total = train.length + (test?.length ?? 0)
  const pictures = pictureReader(tools, total)
  const read = { train: await pictures.read(train), test: test && (await pictures.read(test)) }
  const { rows, columns, isColour, isTransparent } = pictures.found()
  const notes = [
    ...(isColour ? ['Colour becomes grey by its luma (0.299 red, 0.587 green, 0.114 blue)'] : []),
    ...(isTransparent ? ['What is transparent lies on black'] : []),
    ...(train.some(({ label }) => label === UNLABELLED) ? ['Pictures in no subfolder are one class'] : []),
    ...(beside > 0 ? [leftOut(beside, 'picture or folder', 'pictures and folders', 'beside train and test')] : []),
    ...(seen.folders > 0 ? [leftOut(seen.folders, 'folder', 'folders', 'within a class')] : []),
    ...(seen.others > 0 ? [leftOut(seen.others, 'file', 'files', 'other than PNG or JPEG')] : [])
  ]
  return { kind: 'folder of images', rows, columns, ...read, notes }
}

/** `1 folder within a class is left out`, `3 files other than PNG or JPEG are left out`. */
const leftOut = (count: number, one: string, several: string, which: string) =>
  `${formatCount(count)} ${count === 1 ? one : several} ${which} ${count === 1 ? 'is' : 'are'} left out`

/** Folders of the parts, where there are such: `train` beside classes of other names is one of them. */
async function partsOf({ folders }: Listing): Promise<{ train: string; test: string | undefined } | null> {
  const part = (name: RegExp) => folders.find((path) => name.test(basename(path)))
  const [train, test] = [part(/^train(ing)?$/i), part(/^test(ing)?$/i)]
  if (!train) return null
  if (test || folders.length === 1) return { train, test }
  const inside = await listFolder(train)
  return inside.pictures.length === 0 && inside.folders.length > 0 ? { train, test } : null
}

async function picturesIn(folder: string, seen: { others: number; folders: number }): Promise<LabelledPath[]> {
  const { pictures, folders, others } = await listFolder(folder)
  seen.others += others
  const found: LabelledPath[] = pictures.map((path) => ({ path, label: UNLABELLED }))
  for (const inner of folders) {
    const inside = await listFolder(inner)
    seen.others += inside.others
    seen.folders += inside.folders.length
    for (const path of inside.pictures) found.push({ path, label: basename(inner) })
    if (found.length > MOST_IMAGES) throw badData(folder, `more than ${MOST_IMAGES} files`, 'fewer')
  }
  return found
}

/** What a folder holds, in the order of names; hidden files are passed over. */
async function listFolder(folder: string): Promise<Listing> {
  const listing: Listing = { pictures: [], folders: [], others: 0 }
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'Thumbs.db') continue
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path).catch(() => null))?.isDirectory())
    if (isFolder) listing.folders.push(path)
    else if (PICTURE.test(entry.name)) listing.pictures.push(path)
    else listing.others++
    if (listing.pictures.length + listing.folders.length > MOST_IMAGES)
      throw badData(folder, `more than ${MOST_IMAGES} files`, 'fewer')
  }
  listing.pictures.sort(order.compare)
  listing.folders.sort(order.compare)
  return listing
}

/** Reads pictures that must all have the size of the first. */
function pictureReader({ signal, onProgress }: ReadTools, total: number) {
  let first: { path: string; image: GreyImage } | null = null
  let [done, isColour, isTransparent] = [0, false, false]

  async function readOne(path: string): Promise<Uint8Array> {
    checkNotCancelled(signal)
    const image = decodeImage(await readRegularFile(path, MOST_PICTURE_BYTES, USERS_FILE), path)
    first ??= { path, image }
    const { rows, columns } = first.image
    if (image.rows !== rows || image.columns !== columns) {
      const expected = `${rows} × ${columns} as ${basename(first.path)}`
      throw badData(path, `a picture of ${image.rows} × ${image.columns}`, expected, 'Scale all pictures to one size')
    }
    isColour ||= image.isColour
    isTransparent ||= image.isTransparent
    onProgress(++done, total)
    return image.pixels
  }

  async function read(files: LabelledPath[]): Promise<ReadPart> {
    const labels = files.map(({ label }) => label)
    let pixels = new Uint8Array(0)
    for (const [index, { path }] of files.entries()) {
      const image = await readOne(path)
      if (index === 0) {
        const { rows, columns } = first?.image ?? { rows: 0, columns: 0 }
        checkImages(path, files.length, rows, columns)
        pixels = new Uint8Array(files.length * image.length)
      }
      pixels.set(image, index * image.length)
    }
    return { pixels, labels }
  }

  const found = () => ({ rows: first?.image.rows ?? 0, columns: first?.image.columns ?? 0, isColour, isTransparent })
  return { read, found }
}

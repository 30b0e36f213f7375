// A data set that the user has added: a folder with dataset.json and four IDX files, written at once and read only where its digests fit.
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { DatasetNameSchema, LARGEST_SIDE, MOST_CLASSES, SMALLEST_SIDE, type ListedDataset } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { shortText } from '@shared/plain-text'
import { list, text, type DatasetInfo } from '@shared/run'
import { atomicWrite, fileError, syncFolder, temporaryBeside, writeAll } from '../system/atomic-write'
import { exists } from '../system/exists'
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { notUsable, readRegularFile, type FileKind } from '../system/regular-file'
import type { Dataset, LabelledImages, TestSet } from './dataset'
import { readIdx } from './idx'
import type { PreparedDataset, PreparedPart } from './prepare'
import { MOST_IMAGES } from './readers/read-images'

/** Files of a data set's folder; the digest of the whole is that of the four, one after another in this order. */
const FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte'
} as const
type Role = keyof typeof FILES
const roles = Object.keys(FILES) as Role[]

const DESCRIPTION = 'dataset.json'
const MOST_DESCRIPTION_BYTES = 2 ** 20
const KIND: FileKind = { what: 'The data set', remedy: 'Remove the data set and add it again' }

const side = v.pipe(v.number(), v.safeInteger(), v.minValue(SMALLEST_SIDE), v.maxValue(LARGEST_SIDE))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MOST_IMAGES))
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

/** dataset.json. */
const DescriptionSchema = v.object({
  format: v.literal(1),
  name: DatasetNameSchema,
  title: text(200),
  licence: text(2000),
  citation: text(2000),
  rows: side,
  columns: side,
  trainCount: count,
  testCount: count,
  classes: list(text(200), MOST_CLASSES),
  /** Of the four files, in hex, and of all of them one after another. */
  files: v.object({ trainImages: digest, trainLabels: digest, testImages: digest, testLabels: digest }),
  sha256: digest,
  /** Where it came from, and what was assumed and changed. */
  source: text(4000),
  transformations: list(text(2000), 20),
  addedAt: text(40)
})
type Description = v.InferOutput<typeof DescriptionSchema>

/** What is said of a data set that is added. */
export interface DatasetText {
  name: string
  title: string
  licence: string
  citation: string
  source: string
}

/** Reads all of a data set and checks it. Throws LabError `not-found` or `bad-file`. */
export async function loadStored(name: string, folder: string): Promise<Dataset> {
  const description = await readDescription(name, folder)
  const [train, test] = await Promise.all([
    readPart(folder, description, 'train'),
    readPart(folder, description, 'test')
  ])
  return { info: infoOf(description), train, test }
}

/** Its test images alone. Throws as `loadStored`. */
export async function loadStoredTestSet(name: string, folder: string): Promise<TestSet> {
  const description = await readDescription(name, folder)
  return { info: infoOf(description), test: await readPart(folder, description, 'test') }
}

/** What dataset.json says. Throws LabError `not-found` where there is no such data set, and `bad-file`. */
export async function readStoredInfo(name: string, folder: string): Promise<DatasetInfo> {
  return infoOf(await readDescription(name, folder))
}

/** All data sets in a folder by their names, in the order of names; what can't be read is left out and handed to `onProblem`. */
export async function listStored(home: string, onProblem: (error: unknown) => void): Promise<ListedDataset[]> {
  const names = await readdir(home).catch(() => [])
  const listed = names
    .filter((name) => v.is(DatasetNameSchema, name))
    .map(async (name) => {
      const description = await readDescription(name, join(home, name))
      const { rows, columns, trainCount, testCount, source } = description
      const bytes = (trainCount + testCount) * (rows * columns + 1)
      return { ...infoOf(description), builtIn: false, bytes, source }
    })
  const settled = await Promise.allSettled(listed)
  return settled.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    onProblem(result.reason)
    return []
  })
}

/**
 * Writes a data set as `home`/`name`, all of it or nothing. Throws LabError `bad-value` where there is one of that name,
 * `not-writable` or `disk-full`.
 */
export async function writeStored(home: string, said: DatasetText, prepared: PreparedDataset): Promise<DatasetInfo> {
  const folder = join(home, said.name)
  const temporary = temporaryBeside(folder)
  try {
    await makeFolder(home)
    if (await exists(folder)) throw nameTaken(said.name)
    await mkdir(temporary, PRIVATE_FOLDER)
    const files = idxFiles(prepared)
    const description = describe(said, prepared, files)
    for (const [role, parts] of Object.entries(files) as [Role, Uint8Array[]][]) {
      await writeParts(join(temporary, FILES[role]), parts)
    }
    await atomicWrite(join(temporary, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`)
    await rename(temporary, folder)
    await syncFolder(home)
    return infoOf(description)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    if (await isTaken(error, folder)) throw nameTaken(said.name)
    throw fileError(error, folder)
  }
}

/** Throws LabError `bad-value` where there is a data set of that name. */
export async function checkNameFree(home: string, name: string): Promise<void> {
  if (await exists(join(home, name))) throw nameTaken(name)
}

/** Removes it, first from sight. Throws LabError. */
export async function removeStored(home: string, name: string): Promise<void> {
  const folder = join(home, name)
  const aside = temporaryBeside(folder)
  try {
    await rename(folder, aside)
    await rm(aside, { recursive: true, force: true })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? noDataset(name) : fileError(error, folder)
  }
}

/** The paths of the files of all data sets in a folder. */
export async function storedFiles(home: string): Promise<string[]> {
  const names = (await readdir(home).catch(() => [])).filter((name) => v.is(DatasetNameSchema, name))
  return names.flatMap((name) => [DESCRIPTION, ...Object.values(FILES)].map((file) => join(home, name, file)))
}

/** Into a folder that nobody sees yet: nothing need be replaced. */
async function writeParts(path: string, parts: Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_FILE)
  try {
    let position = 0
    for (const part of parts) {
      await writeAll(file, part, position)
      position += part.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

export const noDataset = (name: string, expected = '') =>
  new LabError('not-found', `There is no data set ${shortText(name, 80)}`, {
    expected,
    remedy: 'Add it, or choose another'
  })

const nameTaken = (name: string) =>
  new LabError('bad-value', `There is a data set ${name} already`, {
    remedy: 'Choose another name, or remove that one first'
  })

async function isTaken(error: unknown, folder: string): Promise<boolean> {
  return ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '') && exists(folder)
}

async function readDescription(name: string, folder: string): Promise<Description> {
  const path = join(folder, DESCRIPTION)
  const isThere = await stat(folder).then(() => true, () => false) // prettier-ignore
  if (!isThere) throw noDataset(name)
  const content = parseJson((await readRegularFile(path, MOST_DESCRIPTION_BYTES, KIND)).toString('utf8'))
  const parsed = v.safeParse(DescriptionSchema, content)
  if (!parsed.success)
    throw notUsable(path, KIND, 'a description that can’t be understood', 'one that this application wrote')
  if (parsed.output.name !== name) throw notUsable(path, KIND, `the name ${parsed.output.name}`, name)
  return parsed.output
}

async function readPart(folder: string, description: Description, part: 'train' | 'test'): Promise<LabelledImages> {
  const { rows, columns, files, classes } = description
  const expected = description[`${part}Count`]
  const [images, labels] = [`${part}Images`, `${part}Labels`] as [Role, Role]
  const [pixels, names] = await Promise.all([
    readIdx(join(folder, FILES[images]), 3, KIND),
    readIdx(join(folder, FILES[labels]), 1, KIND)
  ])
  for (const [role, file] of [
    [images, pixels],
    [labels, names]
  ] as const) {
    if (file.sha256 !== files[role])
      throw notUsable(file.path, KIND, 'content that was changed or damaged', `SHA-256 ${files[role]}`)
  }
  const sizes = [expected, rows, columns].join()
  if (pixels.sizes.join() !== sizes || names.sizes.join() !== String(expected)) {
    throw notUsable(pixels.path, KIND, pixels.sizes.join(' × '), [expected, rows, columns].join(' × '))
  }
  if (names.values.some((label) => label >= classes.length)) {
    throw notUsable(names.path, KIND, 'a label without a class', `labels below ${classes.length}`)
  }
  return { pixels: pixels.values, labels: names.values, count: expected, size: rows * columns }
}

function infoOf(description: Description): DatasetInfo {
  const { name, title, licence, citation, sha256, trainCount, testCount, rows, columns, classes } = description
  return { name, title, licence, citation, sha256, trainCount, testCount, rows, columns, classes }
}

function idxFiles({ rows, columns, train, test }: PreparedDataset): Record<Role, Uint8Array[]> {
  const images = ({ pixels, labels }: PreparedPart) => [idxHeader([labels.length, rows, columns]), pixels]
  const labels = (part: PreparedPart) => [idxHeader([part.labels.length]), part.labels]
  return { trainImages: images(train), trainLabels: labels(train), testImages: images(test), testLabels: labels(test) }
}

function idxHeader(sizes: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.set([0, 0, 8, sizes.length])
  sizes.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index))
  return header
}

function describe(said: DatasetText, prepared: PreparedDataset, files: Record<Role, Uint8Array[]>): Description {
  const whole = createHash('sha256')
  const digests = {} as Record<Role, string>
  for (const role of roles) {
    const own = createHash('sha256')
    for (const part of files[role]) {
      own.update(part)
      whole.update(part)
    }
    digests[role] = own.digest('hex')
  }
  const { rows, columns, classes, train, test, notes } = prepared
  return {
    format: 1,
    ...said,
    rows,
    columns,
    trainCount: train.labels.length,
    testCount: test.labels.length,
    classes: classes.map((name) => name.slice(0, 200)),
    files: digests,
    sha256: whole.digest('hex'),
    transformations: notes,
    addedAt: new Date().toISOString()
  }
}

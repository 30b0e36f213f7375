// Makes a data set of images that were read: a test part where there is none, classes by number, turned and inverted as asked.
import { basename } from 'node:path'
import {
  changedImages,
  datasetNameOf,
  LEAST_IMAGES,
  MOST_CLASSES,
  TEST_SHARE,
  type ImageChanges,
  type Inspection
} from '@shared/dataset'
import { formatCount } from '@shared/format'
import { oneOfEach } from './one-of-each'
import { badData, UNLABELLED, type ReadImages, type ReadPart } from './readers/read-images'

/** One part with its labels as indices of the classes. */
export interface PreparedPart {
  pixels: Uint8Array
  labels: Uint8Array
}

export interface PreparedDataset {
  kind: string
  rows: number
  columns: number
  classes: string[]
  train: PreparedPart
  test: PreparedPart
  /** What was assumed and changed, as sentences without a full stop. */
  notes: string[]
}

/** Throws LabError `bad-file` where there are too few images or too many classes. */
export function prepare(path: string, read: ReadImages, changes: ImageChanges): PreparedDataset {
  const { kind, rows, columns } = read
  const { train, test, isSplit } = parted(read)
  checkCounts(path, train, test, isSplit)
  const classes = classesOf(path, [train, test])
  const number = new Map(classes.map((name, index) => [name, index]))
  const part = ({ pixels, labels }: ReadPart): PreparedPart => ({
    pixels: changedImages(pixels, rows, columns, changes),
    labels: Uint8Array.from(labels, (label) => number.get(label) ?? 0)
  })
  const [finalRows, finalColumns] = changes.transpose ? [columns, rows] : [rows, columns]
  return {
    kind,
    rows: finalRows,
    columns: finalColumns,
    classes,
    train: part(train),
    test: part(test),
    notes: [
      ...read.notes,
      ...(isSplit ? ['There is no test part: every tenth image is taken for it'] : []),
      ...(changes.transpose ? ['Rows and columns are swapped'] : []),
      ...(changes.invert ? ['Black and white are swapped'] : [])
    ]
  }
}

const SAMPLES = 20

/** What is shown of a data set before it is added. */
export function inspectionOf(path: string, read: ReadImages): Inspection {
  const { kind, rows, columns, classes, train, test, notes } = prepare(path, read, { transpose: false, invert: false })
  const chosen = oneOfEach(train.labels, SAMPLES)
  const size = rows * columns
  const samples = new Uint8Array(chosen.length * size)
  chosen.forEach((image, index) => samples.set(train.pixels.subarray(image * size, (image + 1) * size), index * size))
  return {
    path,
    kind,
    rows,
    columns,
    trainCount: train.labels.length,
    testCount: test.labels.length,
    classes,
    notes,
    samples,
    sampleLabels: chosen.map((image) => classes[train.labels[image] ?? 0] ?? ''),
    suggestedName: datasetNameOf(basename(path).replace(/\.(gz|npz|csv|tsv|txt)$/gi, ''))
  }
}

/** The parts as they were read; without a test part every tenth image, the tenth first, becomes it. */
function parted({ rows, columns, train, test }: ReadImages) {
  if (test) return { train, test, isSplit: false }
  const size = rows * columns
  const count = train.labels.length
  const ofTest = Math.floor(count / TEST_SHARE)
  const empty = (images: number): ReadPart => ({ pixels: new Uint8Array(images * size), labels: [] })
  const [rest, tenths] = [empty(count - ofTest), empty(ofTest)]
  for (let image = 0; image < count; image++) {
    const part = (image + 1) % TEST_SHARE === 0 ? tenths : rest
    part.pixels.set(train.pixels.subarray(image * size, (image + 1) * size), part.labels.length * size)
    part.labels.push(train.labels[image] ?? UNLABELLED)
  }
  return { train: rest, test: tenths, isSplit: true }
}

function checkCounts(path: string, train: ReadPart, test: ReadPart, isSplit: boolean): void {
  const [trainCount, testCount] = [train.labels.length, test.labels.length]
  if (trainCount >= LEAST_IMAGES && testCount >= LEAST_IMAGES) return
  if (isSplit) {
    const least = LEAST_IMAGES * TEST_SHARE
    throw badData(
      path,
      `${formatCount(trainCount + testCount)} images`,
      `at least ${least}, of which every tenth is for the test`,
      'Take more images'
    )
  }
  throw badData(
    path,
    `${trainCount} images for training and ${testCount} for the test`,
    `at least ${LEAST_IMAGES} of each`,
    'Take more images'
  )
}

const order = new Intl.Collator('en', { numeric: true })

function classesOf(path: string, parts: readonly ReadPart[]): string[] {
  const names = new Set<string>()
  for (const { labels } of parts) for (const label of labels) names.add(label)
  if (names.size > MOST_CLASSES) {
    throw badData(
      path,
      `${formatCount(names.size)} different labels`,
      `at most ${MOST_CLASSES}`,
      'Is the label’s column one of pixels?'
    )
  }
  return [...names].sort(order.compare)
}

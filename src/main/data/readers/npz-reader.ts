// NPZ files (a ZIP of NumPy arrays): x_train, y_train, x_test, y_test; or x and y; or images and labels.
import { Unzip, UnzipInflate } from 'fflate'
import { eachPiece } from './file-parts'
import { readNpyHeader, type NpyHeader } from './npy'
import {
  badData,
  checkImages,
  MOST_IMAGES,
  MOST_VALUES,
  squareSide,
  UNLABELLED,
  type ReadImages,
  type ReadTools
} from './read-images'
import { joinedRange, rangeOf, scaleOf, toBytes } from './value-scale'

type Role = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels'

/** The usual names of arrays, without case. */
const roles: Readonly<Record<string, Role>> = {
  x_train: 'trainImages', train_images: 'trainImages', x: 'trainImages', images: 'trainImages', data: 'trainImages',
  y_train: 'trainLabels', train_labels: 'trainLabels', y: 'trainLabels', labels: 'trainLabels', target: 'trainLabels',
  x_test: 'testImages', test_images: 'testImages', y_test: 'testLabels', test_labels: 'testLabels'
} // prettier-ignore
const EXPECTED = 'arrays x_train, y_train, x_test and y_test, or x and y, or images and labels'
const LONGEST_HEAD = 12 + 10_000
/** One call inflates so much at most, times a thousand. */
const ZIP_PIECE = 2 ** 16

interface ReadArray {
  shape: number[]
  values: Uint8Array | Float32Array
}

/** Reads the arrays of images and labels; others are left alone. Throws LabError. */
export async function readNpz(path: string, tools: ReadTools): Promise<ReadImages> {
  const arrays = await readArrays(path, tools)
  const { trainImages, trainLabels, testImages, testLabels } = arrays
  if (!trainImages) throw badData(path, 'no array of images', EXPECTED, 'Save the arrays under these names')
  const train = imagesIn(trainImages, path)
  const test = testImages ? imagesIn(testImages, path) : null
  if (test && (test.rows !== train.rows || test.columns !== train.columns)) {
    throw badData(
      path,
      `test images of ${test.rows} × ${test.columns}`,
      `${train.rows} × ${train.columns} as for training`
    )
  }
  const range = rangeOf(train.values)
  const scale = scaleOf(test ? joinedRange(range, rangeOf(test.values)) : range, path)
  const part = (images: ReturnType<typeof imagesIn>, labels: ReadArray | undefined) => ({
    pixels: toBytes(images.values, scale),
    labels: labelsIn(labels, images.count, path)
  })
  const notes = [
    ...(scale.note ? [scale.note] : []),
    ...(train.isColour ? ['Colour becomes grey by its luma (0.299 red, 0.587 green, 0.114 blue)'] : []),
    ...(trainLabels ? [] : ['Images without labels are one class'])
  ]
  const { rows, columns } = train
  return { kind: 'NPZ', rows, columns, train: part(train, trainLabels), test: test && part(test, testLabels), notes }
}

async function readArrays(path: string, tools: ReadTools): Promise<Partial<Record<Role, ReadArray>>> {
  const found: Partial<Record<Role, ReadArray>> = {}
  let failure: unknown = null
  let open = 0
  const unzip = new Unzip((entry) => {
    const role = entry.name.endsWith('.npy') ? roles[entry.name.slice(0, -4).toLowerCase()] : undefined
    open++
    const reader = role && !found[role] ? arrayReader(path) : null
    entry.ondata = (error, piece, isLast) => {
      if (failure !== null) return
      try {
        if (error) throw badData(path, `a damaged ZIP (${error.message})`, 'a whole .npz file')
        reader?.take(piece)
        if (isLast) open--
        if (isLast && role && reader) found[role] = reader.end()
      } catch (thrown) {
        failure = thrown
      }
    }
    entry.start() // what is not wanted passes by: kept back it would wait in memory
  })
  unzip.register(UnzipInflate)
  await eachPiece(path, tools, (piece) => {
    try {
      for (let at = 0; at < piece.length; at += ZIP_PIECE) unzip.push(piece.subarray(at, at + ZIP_PIECE))
    } catch (error) {
      failure ??= badData(path, `a damaged ZIP (${String(error)})`, 'a whole .npz file')
    }
    if (failure !== null) throw failure
  })
  try {
    unzip.push(new Uint8Array(0), true)
  } catch {
    throw badData(path, 'a ZIP that ends too early', 'a whole .npz file', 'Copy or save it again')
  }
  if (failure !== null) throw failure
  if (open > 0) throw badData(path, 'a ZIP that ends within an array', 'a whole .npz file', 'Copy or save it again')
  return found
}

/** Takes one array in as it comes; nothing is allocated for it before its header says how much that is. */
function arrayReader(path: string) {
  let head = Buffer.alloc(0)
  let header: NpyHeader | null = null
  let values: Uint8Array | Float32Array = new Uint8Array(0)
  let [filled, left] = [0, Buffer.alloc(0)] as [number, Buffer]

  function takeValues(piece: Uint8Array, { bytesAValue, count, read }: NpyHeader): void {
    const bytes = left.length > 0 ? Buffer.concat([left, piece]) : piece
    const whole = Math.floor(bytes.length / bytesAValue)
    if (filled + whole > count) throw badData(path, 'more values than an array’s header says', String(count))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < whole; i++) values[filled + i] = read(view, i * bytesAValue)
    filled += whole
    left = Buffer.from(bytes.subarray(whole * bytesAValue))
  }

  return {
    take(piece: Uint8Array): void {
      if (header) return takeValues(piece, header)
      head = Buffer.concat([head, piece.subarray(0, LONGEST_HEAD)])
      header = readNpyHeader(head, path)
      if (!header) {
        if (head.length > LONGEST_HEAD) throw badData(path, 'an array without an end of its header', 'a .npy array')
        return
      }
      values = room(header, path)
      const taken = header.length - (head.length - Math.min(piece.length, LONGEST_HEAD))
      takeValues(piece.subarray(taken), header)
    },
    end(): ReadArray {
      if (!header || filled < header.count)
        throw badData(path, `an array of ${filled} values`, `${header?.count ?? 'more'} by its header`)
      return { shape: header.shape, values }
    }
  }
}

function room({ shape, count, bytesAValue, isByte }: NpyHeader, path: string): Uint8Array | Float32Array {
  if (shape.length > 1) {
    const { rows, columns, channels } = sizesOf(shape, path)
    checkImages(path, shape[0] ?? 0, rows, columns, channels * (isByte ? 1 : Float32Array.BYTES_PER_ELEMENT))
  }
  if (count > (shape.length > 1 ? MOST_VALUES : MOST_IMAGES) || bytesAValue < 1) {
    throw badData(path, `an array of shape (${shape.join(', ')})`, `at most ${MOST_IMAGES} labels`)
  }
  return isByte ? new Uint8Array(count) : new Float32Array(count)
}

/** Rows, columns and channels of an array of images; a row of numbers is a square image. Throws LabError `bad-file`. */
function sizesOf(shape: readonly number[], path: string): { rows: number; columns: number; channels: number } {
  const [, a = 0, b = 0, c = 0] = shape
  if (shape.length === 2) {
    const side = squareSide(a)
    if (side !== null) return { rows: side, columns: side, channels: 1 }
  }
  if (shape.length === 3) return { rows: a, columns: b, channels: 1 }
  if (shape.length === 4 && (c === 1 || c === 3)) return { rows: a, columns: b, channels: c }
  if (shape.length === 4 && a === 1) return { rows: b, columns: c, channels: 1 }
  throw badData(
    path,
    `images of shape (${shape.join(', ')})`,
    '(images, rows, columns), or (images, a square number of pixels)'
  )
}

function imagesIn({ shape, values }: ReadArray, path: string) {
  const { rows, columns, channels } = sizesOf(shape, path)
  const count = shape[0] ?? 0
  checkImages(path, count, rows, columns)
  if (channels === 1) return { values, rows, columns, count, isColour: false }
  const grey = new Float32Array(count * rows * columns)
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue] = [0, 1, 2].map((channel) => values[3 * i + channel] as number) as [number, number, number]
    grey[i] = 0.299 * red + 0.587 * green + 0.114 * blue
  }
  return { values: grey, rows, columns, count, isColour: true }
}

function labelsIn(labels: ReadArray | undefined, count: number, path: string): string[] {
  if (!labels) return new Array<string>(count).fill(UNLABELLED)
  const { shape, values } = labels
  const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1)
  if (!isList || values.length !== count) {
    throw badData(
      path,
      `labels of shape (${shape.join(', ')})`,
      `(${count},), one an image`,
      'Save the labels as whole numbers'
    )
  }
  return Array.from(values, String)
}

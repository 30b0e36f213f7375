// CSV files with one image a line: its pixels, and its label before or behind them; with or without a line of titles.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MOST_CLASSES } from '@shared/dataset'
import { formatCount } from '@shared/format'
import { eachPiece } from './file-parts'
import { badData, checkImages, squareSide, UNLABELLED, type ReadImages, type ReadTools } from './read-images'
import { joinedRange, rangeOf, scaleOf, toBytes } from './value-scale'

const LONGEST_LINE = 2 ** 19 // 4,097 numbers of 100 characters
const LABEL_TITLE = /^"?(label|labels|class|target|y|digit|category)"?$/i
const REMEDY = 'Write one image a line, its label first under the title “label”'

/** The columns of a file: how many, and which of them is the label. */
interface Table {
  path: string
  columns: number
  /** What the first line says of the label: the place of its title; null where it is no line of titles, or names none. */
  titled: 'first' | 'last' | null
  /** The texts of both columns at the ends. */
  first: string[]
  last: string[]
  /** The numbers of all lines between them: [lines × (columns − 2)]. */
  inner: Float32Array
}

/** Reads one file, or two of which one is the test part. Throws LabError. */
export async function readCsv(train: string, test: string | null, tools: ReadTools): Promise<ReadImages> {
  const table = await readTable(train, tools)
  const place = labelPlace(table)
  const images = imagesOf(table, place)
  const testTable = test === null ? null : await readTable(test, tools)
  if (testTable && testTable.columns !== table.columns) {
    throw badData(testTable.path, `${testTable.columns} columns`, `${table.columns} as for training`)
  }
  const testImages = testTable && imagesOf(testTable, place)
  const range = rangeOf(images.values)
  const scale = scaleOf(testImages ? joinedRange(range, rangeOf(testImages.values)) : range, train)
  const part = ({ values, labels }: typeof images) => ({ pixels: toBytes(values, scale), labels })
  const where = place === null ? 'Images without labels are one class' : `The ${place} column is the label`
  return {
    kind: 'CSV',
    rows: images.side,
    columns: images.side,
    train: part(images),
    test: testImages && part(testImages),
    notes: [where, ...(scale.note ? [scale.note] : [])]
  }
}

/** `mnist_train.csv` and `mnist_test.csv` of a folder, or its only CSV file; null where there is none. */
export async function findCsvFiles(folder: string): Promise<{ train: string; test: string | null } | null> {
  const names = (await readdir(folder)).filter((name) => /\.csv$/i.test(name)).sort()
  const [only] = names
  if (only !== undefined && names.length === 1) return { train: join(folder, only), test: null }
  const train = names.filter((name) => /train/i.test(name))
  const test = names.filter((name) => /test/i.test(name))
  if (train.length !== 1 || test.length !== 1) return null
  return { train: join(folder, train[0] ?? ''), test: join(folder, test[0] ?? '') }
}

async function readTable(path: string, tools: ReadTools): Promise<Table> {
  const lines = lineReader(path)
  await eachPiece(path, tools, (piece) => lines.take(piece))
  return lines.end()
}

function lineReader(path: string) {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let separator = ''
  let table: Table | null = null
  let [lines, isTitled] = [0, false]

  function takeLine(line: string): void {
    if (line.trim() === '') return
    if (!table) {
      separator = [',', ';', '\t'].find((one) => line.includes(one)) ?? ','
      const fields = line.split(separator)
      table = newTable(path, fields)
      isTitled = fields.slice(1, -1).some((field) => field.trim() === '' || Number.isNaN(Number(unquoted(field))))
      if (isTitled) return void (table.titled = titledPlace(fields))
    }
    takeValues(table, line.split(separator))
  }

  function takeValues(table: Table, fields: string[]): void {
    const { columns, first, last } = table
    const number = lines + 1 + (isTitled ? 1 : 0)
    if (fields.length !== columns) {
      throw badData(
        path,
        `${fields.length} columns in line ${formatCount(number)}`,
        `${columns} as in the first`,
        REMEDY
      )
    }
    first.push(unquoted(fields[0] ?? ''))
    last.push(unquoted(fields[columns - 1] ?? ''))
    const width = columns - 2
    if ((lines + 1) * width > table.inner.length) table.inner = grown(table, lines + 1)
    for (let column = 0; column < width; column++) {
      const field = fields[column + 1] as string
      const value = Number(field)
      if (Number.isNaN(value) || field === '') {
        throw badData(path, `“${field.slice(0, 20)}” in line ${formatCount(number)}`, 'a number', REMEDY)
      }
      table.inner[lines * width + column] = value
    }
    lines++
  }

  return {
    take(piece: Uint8Array): void {
      const text = rest + decoder.decode(piece, { stream: true })
      const parts = text.split(/\r\n|\n|\r(?!$)/)
      rest = parts.pop() ?? ''
      if (rest.length > LONGEST_LINE)
        throw badData(path, 'a line of more than 500,000 characters', 'one image a line', REMEDY)
      for (const line of parts) takeLine(line)
    },
    end(): Table {
      takeLine(rest)
      if (!table || lines === 0) throw badData(path, 'no line of numbers', 'one image a line', REMEDY)
      return { ...table, inner: table.inner.subarray(0, lines * (table.columns - 2)) }
    }
  }
}

const unquoted = (field: string) => field.trim().replace(/^"(.*)"$/, '$1')

function newTable(path: string, fields: string[]): Table {
  const columns = fields.length
  if (squareSide(columns) === null && squareSide(columns - 1) === null) {
    throw badData(
      path,
      `${formatCount(columns)} columns`,
      'a square number of pixels, and one more for the label',
      REMEDY
    )
  }
  const side = squareSide(columns) ?? squareSide(columns - 1) ?? 0
  checkImages(path, 1, side, side)
  return { path, columns, titled: null, first: [], last: [], inner: new Float32Array(0) }
}

function titledPlace(fields: string[]): Table['titled'] {
  const isLabel = (field: string | undefined) => LABEL_TITLE.test((field ?? '').trim())
  if (isLabel(fields[0])) return 'first'
  return isLabel(fields[fields.length - 1]) ? 'last' : null
}

/** Twice the room for lines, within the bounds of all images. */
function grown({ path, columns, inner }: Table, lines: number): Float32Array {
  const side = squareSide(columns) ?? squareSide(columns - 1) ?? 0
  checkImages(path, lines, side, side, Float32Array.BYTES_PER_ELEMENT)
  const larger = new Float32Array(Math.max(2 * inner.length, 256 * (columns - 2)))
  larger.set(inner)
  return larger
}

/** Where the label stands; null where all columns are pixels. Throws LabError `bad-file` where both ends could be labels. */
function labelPlace({ path, columns, titled, first, last }: Table): 'first' | 'last' | null {
  if (squareSide(columns) !== null) return null
  if (titled) return titled
  const [isFirst, isLast] = [first, last].map(couldBeLabels)
  if (isFirst !== isLast) return isFirst ? 'first' : 'last'
  if (!isFirst) throw badData(path, 'no column of labels', 'the first or the last', REMEDY)
  throw badData(path, 'labels that could be the first or the last column', 'a line of titles that says which', REMEDY)
}

/** Pixels at an image's edge are all alike, or have many values. */
function couldBeLabels(texts: string[]): boolean {
  const different = new Set(texts)
  return different.size > 1 && different.size <= MOST_CLASSES && !texts.some((text) => /^\d*\.\d*[1-9]/.test(text))
}

function imagesOf({ path, columns, first, last, inner }: Table, place: 'first' | 'last' | null) {
  const count = first.length
  const side = Math.floor(Math.sqrt(columns))
  const size = side * side
  const width = columns - 2
  const values = new Float32Array(count * size)
  const number = (text: string, line: number) => {
    const value = Number(text)
    if (text === '' || Number.isNaN(value))
      throw badData(path, `“${text.slice(0, 20)}” in line ${formatCount(line + 1)}`, 'a number', REMEDY)
    return value
  }
  for (let line = 0; line < count; line++) {
    const start = line * size
    const isFirstPixel = place !== 'first'
    if (isFirstPixel) values[start] = number(first[line] ?? '', line)
    values.set(inner.subarray(line * width, (line + 1) * width), start + (isFirstPixel ? 1 : 0))
    if (place !== 'last') values[start + size - 1] = number(last[line] ?? '', line)
  }
  const labels = place === null ? new Array<string>(count).fill(UNLABELLED) : place === 'first' ? first : last
  return { values, labels, side }
}

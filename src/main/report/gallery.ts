// Test images as they went in and as the first model of each series reconstructed them after the last complete epoch. An image that is among
// the first ten and the first of its class too is shown once.
import { className, imageWord } from '@shared/dataset'
import type { Probes } from '@shared/contract'
import { storedMse } from '@shared/metrics'
import { capital } from '@shared/format'
import { shortText } from '@shared/plain-text'
import { digitBytes, PROBE_COUNT } from '@shared/run'
import { seriesOf, type Series } from '@shared/series'
import { coloursOf, type Drawing } from './charts'
import type { GalleryImage, GallerySection } from './document'
import type { ReportedRun } from './report'

type GalleryInput = Pick<ReportedRun, 'file' | 'probes' | 'digits' | 'missing'>

const IMAGES_A_ROW = 10
/** Images that stand in one row together; more are parted into rows of ten. */
const MOST_IN_A_ROW = 14
const NAME_WIDTH = 62
const GAP = 4
const LARGEST = 40 // points a side
/** Rows from which images become small and lose their errors, so that a gallery stays on one page. */
const MANY_ROWS = 10
const SMALL = 24
/** Below this a part is better seen on a page of its own. */
const SMALL_TO_LOOK_AT = 28
/** In points: heading and space of the section; labels, caption and space of a part; space and error of a row. */
const HEIGHTS = { section: 40, part: 32, row: 11 }

/** The section; its images' bytes go to the drawing's files under the name that it gives. */
export function gallery(input: GalleryInput, { width, height, files, prefix }: Drawing): GallerySection {
  const name = `${prefix}images.bin`
  const { file, probes, digits, missing } = input
  const isTrained = digits.length === digitBytes(file)
  const series = isTrained ? seriesOf(file) : []
  const rows = rowsOfProbes(probes)
  const longest = Math.max(1, ...rows.map(({ length }) => length))
  const isLarge = 1 + series.length <= MANY_ROWS
  const most = isLarge ? largestSide(1 + series.length, rows.length, height) : SMALL
  const side = Math.min(most, (width - NAME_WIDTH) / longest - GAP)
  const images = createImages(input)
  const captions = captionsOf(input, rows, isTrained, isLarge)
  const parts = rows.map((shown, part) => ({
    caption: captions[part] ?? '',
    ...partOf(input, images, series, shown, isLarge)
  }))
  files.set(name, images.bytes())
  return {
    kind: 'gallery',
    heading: 'Reconstructions',
    file: name,
    width: file.dataset.columns,
    height: file.dataset.rows,
    side,
    parts,
    notes: missing === '' ? [] : [missing]
  }
}

/** As large as lets all parts stand on one page, where they are large enough then. */
function largestSide(rows: number, parts: number, height: number): number {
  const side = ((height - HEIGHTS.section) / Math.max(1, parts) - HEIGHTS.part) / rows - HEIGHTS.row
  return side < SMALL_TO_LOOK_AT ? LARGEST : Math.min(LARGEST, side)
}

/** Places of the probes to show, parted into rows. */
function rowsOfProbes({ indices, labels }: Probes): number[][] {
  const places = Array.from({ length: Math.min(PROBE_COUNT, labels.length) }, (_, place) => place)
  const once = places.filter((place) => indices.indexOf(indices[place] ?? -1) === place)
  if (once.length <= MOST_IN_A_ROW) return once.length === 0 ? [] : [once]
  return Array.from({ length: Math.ceil(once.length / IMAGES_A_ROW) }, (_, row) =>
    once.slice(row * IMAGES_A_ROW, (row + 1) * IMAGES_A_ROW)
  )
}

type Images = ReturnType<typeof createImages>

/** Images in the order in which they are asked for; on paper ink is dark, so a byte b of an image is 255 − b there. */
function createImages({ file, probes, digits }: GalleryInput) {
  const size = file.dataset.rows * file.dataset.columns
  const taken: Uint8Array[] = []
  const at = (bytes: Uint8Array, index: number) => bytes.subarray(index * size, (index + 1) * size)
  const add = (pixels: Uint8Array) => taken.push(pixels.map((grey) => 255 - grey)) - 1
  return {
    original: (place: number) => add(at(probes.pixels, place)),
    copy: (model: number, place: number) => add(at(digits, model * PROBE_COUNT + place)),
    error: (model: number, place: number) =>
      storedMse(at(probes.pixels, place), at(digits, model * PROBE_COUNT + place)),
    bytes: () => Buffer.concat(taken)
  }
}

function partOf(
  input: GalleryInput,
  images: Images,
  series: readonly Series[],
  shown: readonly number[],
  isLarge: boolean
): Omit<GallerySection['parts'][number], 'caption'> {
  const { file, probes } = input
  const colours = coloursOf(file)
  const word = imageWord(file.dataset)
  const numberOf = (place: number) => `${word} ${(probes.indices[place] ?? 0) + 1}`
  const labelOf = (place: number) => shortText(className(file.dataset, probes.labels[place] ?? 0), 12)
  return {
    labels: shown.map(labelOf),
    originals: shown.map((place) => ({
      index: images.original(place),
      alt: `Test ${numberOf(place)}, a ${labelOf(place)}`,
      below: ''
    })),
    rows: series.map((one) => {
      const [model = 0] = one.models
      const image = (place: number): GalleryImage => {
        const error = images.error(model, place).toFixed(3)
        return {
          index: images.copy(model, place),
          alt: `Test ${numberOf(place)} by ${one.label}, mean squared error ${error}`,
          below: isLarge ? error : ''
        }
      }
      return { name: one.label, colour: colours[one.rank] ?? '#000000', images: shown.map(image) }
    })
  }
}

/** Of each part: which images these are, whose reconstructions where each value has several models, and what the figures below them are. */
function captionsOf(
  { file }: GalleryInput,
  parts: readonly number[][],
  isTrained: boolean,
  isLarge: boolean
): string[] {
  const { dataset, experiment } = file
  const word = imageWord(dataset)
  const isOfTen = (dataset.classes?.length ?? 10) === 10
  const ten = `The first ten test ${word}s`
  const classes = isOfTen ? `the first test ${word} of each class` : `test ${word}s of each class, one after another`
  const among = parts.flat().length < PROBE_COUNT ? ' that is not among them' : ''
  const which =
    parts.length === 2 ? [ten, `${capital(classes)}${isOfTen ? among : ''}`] : parts.map(() => `${ten} and ${classes}`)
  const more = [
    ...(isTrained && experiment.seeds.length > 1 ? [`Drawn by the models of seed ${experiment.seeds[0]} alone.`] : []),
    ...(isTrained && isLarge ? [`Below each ${word}: its mean squared error.`] : [])
  ]
  return which.map((images) => [`${images}${isTrained ? ', and their reconstructions' : ''}.`, ...more].join(' '))
}

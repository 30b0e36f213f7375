// The gallery of a run after an epoch, as figures and animations show it.
import { className, imageWord } from '@shared/dataset'
import type { Probes } from '@shared/contract'
import type { Gallery, GalleryRow } from '@shared/charts/gallery'
import { lightTheme, seriesColours } from '@shared/charts/theme'
import { isOrdered } from '@shared/hyperparameters'
import { storedMse } from '@shared/metrics'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import { seedsOf, type Series } from '@shared/series'
import { tenImages } from './components/probes'

/** What is shown of a run. */
export interface ShownRun {
  file: RunFile
  /** All series: their number decides the colours. */
  series: readonly Series[]
  /** Those with a row. */
  shown: readonly Series[]
  probes: Probes
  /** Number of the first of the ten probes. */
  first: number
}

/** In the colours of print, whatever the window's theme. `digits`: all models' probes [models × 20 × pixels of an image] uint8; null: not there. */
export function runGallery(
  { file, series, shown, probes, first }: ShownRun,
  digits: Uint8Array | null,
  words: Pick<Gallery, 'title' | 'aside'>
): Gallery {
  const { rows, columns } = file.dataset
  const originals = tenImages(probes.pixels, first, rows * columns)
  const colours = paperColours(file, series)
  const rowOf = (one: Series): GalleryRow => {
    const [model = 0] = one.models
    const images = digits && tenImages(digits, model * PROBE_COUNT + first, rows * columns)
    const errors = images?.map((image, column) => storedMse(originals[column] ?? image, image)) ?? []
    return { name: one.label, colour: colours[one.rank] ?? null, images, errors }
  }
  return {
    ...words,
    note: seedsOf(series) > 1 ? `Drawn by the models of seed ${file.experiment.seeds[0]} alone.` : '',
    imageWidth: columns,
    imageHeight: rows,
    labels: originals.map((_, column) => className(file.dataset, probes.labels[first + column] ?? 0)),
    rows: [{ name: 'Original', colour: null, images: originals, errors: [] }, ...shown.map(rowOf)]
  }
}

export const paperColours = ({ experiment }: Pick<RunFile, 'experiment'>, series: readonly Series[]) =>
  seriesColours(lightTheme, series.length, isOrdered(experiment.varied.key))

/** `epoch 12 of 50`, `untrained`. */
export const epochOfAll = (epoch: number, last: number) => (epoch === 0 ? 'untrained' : `epoch ${epoch} of ${last}`)

/** `test digits`: what the columns are. */
export const imagesWord = ({ dataset }: Pick<RunFile, 'dataset'>) => `${imageWord(dataset)}s`

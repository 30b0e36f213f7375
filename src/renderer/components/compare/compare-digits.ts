// The digits of compared runs at one epoch: ten probes, as they went in and as each model drew them.
import type { Probes } from '@shared/contract'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import type { Series } from '@shared/series'
import { probeName, tenImages } from '../probes'

interface Compared {
  letter: string
  view: { file: RunFile }
  epochs: number
  probes: Probes | null
  digits(epoch: number): Uint8Array | null
}

/** The epoch that a run shows where the cursor stands at `epoch`: its last where it has not as many. */
export const epochOf = ({ epochs }: Compared, epoch: number) => Math.min(epoch, epochs)

/** Ten images from probe number `first` on, drawn by the first model of a series; null while they are not here. */
export function drawnBy(run: Compared, series: Series, epoch: number, first: number): Uint8Array[] | null {
  const { rows, columns } = run.view.file.dataset
  const pixels = run.digits(epochOf(run, epoch))
  const [model = 0] = series.models
  return pixels && tenImages(pixels, model * PROBE_COUNT + first, rows * columns)
}

/** Ten test images of the run's data set from probe number `first` on; null where they can't be had. */
export function originalsOf({ probes, view }: Compared, first: number): Uint8Array[] | null {
  const { rows, columns } = view.file.dataset
  return probes && tenImages(probes.pixels, first, rows * columns)
}

/** `test digit 5, a 4`: the probe in a column of ten from number `first` on. */
export const nameInRun = ({ probes, view }: Compared, first: number, column: number) =>
  probeName(probes, first, column, view.file.dataset)

/** `run A, d = 16`: a model among those of all runs. */
export const modelLabel = (run: Compared, series: Series) => `${run.letter}, ${series.label}`

// What a row of the board shows of one series at one epoch: its measurements and its ten digits.
import { codeBytes, timesSmaller } from '@shared/code-size'
import { seriesHasDiverged } from '@shared/divergence'
import { lossOf } from '@shared/experiment'
import { formatCount, formatRatio } from '@shared/format'
import { gapShare, storedMse } from '@shared/metrics'
import { PROBE_COUNT, type RunFile } from '@shared/run'
import type { Series } from '@shared/series'
import { tenImages } from '../probes'

export interface BoardRow {
  label: string
  short: string
  rank: number
  /** The run's validation loss and the squared error after the epoch; null where there is no number. */
  figures: { name: string; value: number | null; sd: number | null }[]
  /** Seeds that the figures are means of. */
  seeds: number
  /** Share of the gap between mean digit and perfect copy, below 0 where the loss is above the mean digit's. */
  gap: number | null
  diverged: boolean
  /** `32 B, 24.5× smaller`. */
  code: string
  /** The ten digits, each its pixels (uint8); null while there are none. */
  digits: Uint8Array[] | null
  /** The digits are of another epoch: those of this one have yet to arrive. */
  late: boolean
  /** Mean squared error of each digit, pixels in [0, 1]; empty while this epoch's digits are not here. */
  errors: number[]
}

/** Reconstructions and the epoch that they are of. */
export interface EpochDigits {
  epoch: number
  /** All models' probes, [models × 20 × pixels of an image] uint8. */
  pixels: Uint8Array
}

/** The digits on show: ten of the probes from `first` on, as they went in ([20 × pixels of an image]) and as models drew them. */
export interface ShownDigits {
  first: number
  originals: Uint8Array | null
  drawn: EpochDigits | null
}

/** What to show at `epoch` once `pixels` of it are here (null: not yet): until then what was `shown` before, if anything. */
export function shownDigits(epoch: number, pixels: Uint8Array | null, shown: EpochDigits | null): EpochDigits | null {
  if (pixels) return { epoch, pixels }
  return epoch === 0 ? null : shown
}

/** A series after `epoch` (0: untrained, without figures). The digits are those of its first model. */
export function boardRow(
  series: Series,
  epoch: number,
  { experiment, bounds, dataset }: Pick<RunFile, 'experiment' | 'bounds' | 'dataset'>,
  { first, originals, drawn }: ShownDigits
): BoardRow {
  const pixels = dataset.rows * dataset.columns
  const loss = series.val[epoch - 1] ?? null
  const name = lossOf(experiment).toUpperCase()
  const mse = { name: 'MSE', value: series.mse[epoch - 1] ?? null, sd: series.sd?.mse[epoch - 1] ?? null }
  const [model = 0] = series.models
  const digits = drawn && tenImages(drawn.pixels, model * PROBE_COUNT + first, pixels)
  const late = drawn !== null && drawn.epoch !== epoch
  const inputs = originals && tenImages(originals, first, pixels)
  return {
    label: series.label,
    short: series.short,
    rank: series.rank,
    figures: name === mse.name ? [mse] : [{ name, value: loss, sd: series.sd?.val[epoch - 1] ?? null }, mse],
    seeds: series.models.length,
    gap: loss === null ? null : gapShare(loss, bounds),
    diverged: seriesHasDiverged(series, bounds, epoch),
    code: codeSize(series.codeUnits, pixels),
    digits,
    late,
    errors: digits && inputs && !late ? digits.map((digit, column) => storedMse(inputs[column] ?? digit, digit)) : []
  }
}

/** `32 B, 24.5× smaller`: the code of an image as float32 against a byte a pixel. */
export function codeSize(units: number, pixels: number): string {
  const ratio = timesSmaller(units, pixels)
  const compared =
    ratio === 1 ? 'the same size' : ratio > 1 ? `${formatRatio(ratio)} smaller` : `${formatRatio(1 / ratio)} larger`
  return `${formatCount(codeBytes(units))} B, ${compared}`
}

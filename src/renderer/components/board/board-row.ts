// What a row of the board shows of one model at one epoch: its measurements and its ten digits.
import { codeBytes, PIXELS, timesSmaller } from '@shared/experiment'
import { formatRatio } from '@shared/format'
import { gapClosed, storedMse } from '@shared/metrics'
import { PROBE_COUNT, type Bounds, type RunModel } from '@shared/run'

/** Digits side by side; the probes are two sets of as many. */
export const COLUMNS = 10

export interface BoardRow {
  latentDim: number
  /** 0 = narrowest. */
  rank: number
  /** Validation BCE and MSE after the epoch; null where there is no number. */
  bce: number | null
  mse: number | null
  /** Share of the gap between mean digit and perfect copy, 0 to 1. */
  gap: number | null
  /** [10 × 784] uint8, or null while there are none. */
  digits: Uint8Array | null
  /** The digits are of another epoch: those of this one have yet to arrive. */
  late: boolean
  /** Mean squared error of each digit, pixels in [0, 1]; empty while this epoch's digits are not here. */
  errors: number[]
}

/** Reconstructions and the epoch that they are of. */
export interface EpochDigits {
  epoch: number
  /** All models' probes, [models × 20 × 784] uint8. */
  pixels: Uint8Array
}

/** What to show at `epoch` once `pixels` of it are here (null: not yet): until then what was `shown` before, if anything. */
export function shownDigits(epoch: number, pixels: Uint8Array | null, shown: EpochDigits | null): EpochDigits | null {
  if (pixels) return { epoch, pixels }
  return epoch === 0 ? null : shown
}

/** A model after `epoch` (from 1); `originals`: [20 × 784]. */
export function boardRow(
  model: RunModel,
  rank: number,
  epoch: number,
  bounds: Bounds,
  firstDigit: number,
  originals: Uint8Array | null,
  shown: EpochDigits | null
): BoardRow {
  const bce = model.history.valLoss[epoch - 1] ?? null
  const digits = shown && digitsOf(shown.pixels, rank * PROBE_COUNT + firstDigit)
  const late = shown !== null && shown.epoch !== epoch
  return {
    latentDim: model.latentDim,
    rank,
    bce,
    mse: model.history.valMse[epoch - 1] ?? null,
    gap: bce === null ? null : gapClosed(bce, bounds),
    digits,
    late,
    errors: digits && originals && !late ? digitErrors(digitsOf(originals, firstDigit), digits) : []
  }
}

/** Ten digits from number `first` on, as a view. */
function digitsOf(pixels: Uint8Array, first: number): Uint8Array {
  return pixels.subarray(first * PIXELS, (first + COLUMNS) * PIXELS)
}

/** Mean squared error of each of the ten digits against its original, from stored pixels (uint8 / 255). */
function digitErrors(originals: Uint8Array, reconstructions: Uint8Array): number[] {
  const digit = (pixels: Uint8Array, column: number) => pixels.subarray(column * PIXELS, (column + 1) * PIXELS)
  return Array.from({ length: COLUMNS }, (_, column) =>
    storedMse(digit(originals, column), digit(reconstructions, column))
  )
}

/** `32 B a digit, 24.5× smaller`: the code as float32 against 784 bytes of pixels. */
export function codeSize(latentDim: number): string {
  const ratio = timesSmaller(latentDim)
  const compared =
    ratio === 1 ? 'the same size' : ratio > 1 ? `${formatRatio(ratio)} smaller` : `${formatRatio(1 / ratio)} larger`
  return `${codeBytes(latentDim)} B a digit, ${compared}`
}

// What a row of the board shows of one model at one epoch: its measurements and its ten digits.
import { PIXELS } from '@shared/experiment'
import { formatRatio } from '@shared/format'
import { gapClosed } from '@shared/metrics'
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
  /** Mean squared error of each digit, pixels in [0, 1]; empty while there are none. */
  errors: number[]
}

/** A model after `epoch` (from 1). `reconstructions`: all models' probes, [models × 20 × 784]; `originals`: [20 × 784]. */
export function boardRow(
  model: RunModel,
  rank: number,
  epoch: number,
  bounds: Bounds,
  firstDigit: number,
  originals: Uint8Array | null,
  reconstructions: Uint8Array | null
): BoardRow {
  const bce = model.history.valLoss[epoch - 1] ?? null
  const digits = reconstructions && digitsOf(reconstructions, rank * PROBE_COUNT + firstDigit)
  return {
    latentDim: model.latentDim,
    rank,
    bce,
    mse: model.history.valMse[epoch - 1] ?? null,
    gap: bce === null ? null : gapClosed(bce, bounds),
    digits,
    errors: digits && originals ? digitErrors(digitsOf(originals, firstDigit), digits) : []
  }
}

/** Ten digits from number `first` on, as a view. */
export function digitsOf(pixels: Uint8Array, first: number): Uint8Array {
  return pixels.subarray(first * PIXELS, (first + COLUMNS) * PIXELS)
}

/** Mean squared error of each of the ten digits against its original, from stored pixels (uint8 / 255). */
export function digitErrors(originals: Uint8Array, reconstructions: Uint8Array): number[] {
  return Array.from({ length: COLUMNS }, (_, column) => {
    let sum = 0
    for (let pixel = column * PIXELS; pixel < (column + 1) * PIXELS; pixel++) {
      const difference = (originals[pixel] ?? 0) - (reconstructions[pixel] ?? 0)
      sum += difference * difference
    }
    return sum / (PIXELS * 255 * 255)
  })
}

/** `32 B a digit, 24.5× smaller`: the code as float32 against 784 bytes of pixels. */
export function codeSize(latentDim: number): string {
  const ratio = PIXELS / (4 * latentDim)
  const compared =
    ratio === 1 ? 'the same size' : ratio > 1 ? `${formatRatio(ratio)} smaller` : `${formatRatio(1 / ratio)} larger`
  return `${4 * latentDim} B a digit, ${compared}`
}

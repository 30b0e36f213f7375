// When a model has diverged, as window, report and command line say it; run.json knows no such status.
import { LabError } from './errors'
import type { Bounds, RunFile } from './run'
import { formatCount, formatPercent } from './format'
import { seriesOf, type Series } from './series'

/**
 * Times the mean digit's loss above which a model has diverged. One with its first weights answers grey, which on MNIST costs 2.6
 * times as much in BCE and 3.4 times in squared error: what has not begun to learn lies below.
 */
export const DIVERGED_FACTOR = 4

/** Stands where the gap closed would. */
export const DIVERGED = 'diverged'
export const DIVERGED_REMEDY = 'a smaller learning rate may help'

/** Refuses to look into a model whose `values`, such as weights or codes, are not all finite; `model` as a sentence begins with it. */
export function checkFinite(model: string, values: string, all: ArrayLike<number>): void {
  for (let at = 0; at < all.length; at++) {
    if (Number.isFinite(all[at])) continue
    throw new LabError('diverged', `${model} has diverged`, {
      found: `${values} that are no numbers`,
      expected: 'finite ones',
      remedy: 'Choose an earlier epoch, or train with a smaller learning rate'
    })
  }
}

/** Whether a validation loss (null, NaN or infinite: no number) is that of a diverged model; `bounds` are of the same loss. */
export function hasDiverged(loss: number | null, { meanDigit }: Pick<Bounds, 'meanDigit'>): boolean {
  return loss === null || !Number.isFinite(loss) || loss > DIVERGED_FACTOR * meanDigit
}

/** Whether a series has diverged after an epoch (from 1; by default its last): the model of one seed is enough. */
export function seriesHasDiverged(
  { val, band }: Pick<Series, 'val' | 'band'>,
  bounds: Pick<Bounds, 'meanDigit'>,
  epoch = val.length
): boolean {
  const worst = (band?.high ?? val)[epoch - 1]
  return worst !== undefined && hasDiverged(worst, bounds)
}

/** The series that have diverged after the last complete epoch. */
export function divergedSeries(file: Pick<RunFile, 'experiment' | 'models' | 'bounds'>): Series[] {
  return seriesOf(file).filter((series) => seriesHasDiverged(series, file.bounds))
}

/** Of so many series: `2 of 6 diverged`; of a run of one series `diverged`. */
export function divergedText(diverged: number, series: number): string {
  return series === 1 ? DIVERGED : `${formatCount(diverged)} of ${formatCount(series)} ${DIVERGED}`
}

/** The gap closed as `74 %`, or that the model has diverged. */
export function gapText(share: number | null | undefined, diverged: boolean): string {
  return diverged ? DIVERGED : formatPercent(share)
}

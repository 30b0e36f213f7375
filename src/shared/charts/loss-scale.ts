// Where a loss stands on a chart. Every chart of a run has the same range, set by the two bounds alone, so heights can be compared.
import type { Bounds } from '../run'

export type LossBounds = Pick<Bounds, 'perfectCopy' | 'meanDigit'>
/** `log`: of the distance to a perfect copy; log of BCE itself would span less than a decade. */
export type LossScale = 'linear' | 'log'

const BELOW = 0.128 // of the gap between the bounds, left free below the perfect copy
const ABOVE = 0.184 // and above the mean digit
const DECADES = 64 // the log axis begins at a distance of gap / 64

/** The value plotted for a loss; distances below the log axis lie on its first line. */
export function placeLoss(loss: number, bounds: LossBounds, scale: LossScale): number {
  return scale === 'linear' ? loss : Math.max(loss - bounds.perfectCopy, gapOf(bounds) / DECADES)
}

/** The axis' ends in plotted values. The mean digit stands at the same height on both scales. */
export function lossRange(bounds: LossBounds, scale: LossScale): { min: number; max: number } {
  const gap = gapOf(bounds)
  if (scale === 'linear') return { min: bounds.perfectCopy - BELOW * gap, max: bounds.meanDigit + ABOVE * gap }
  return { min: gap / DECADES, max: gap * DECADES ** (ABOVE / (1 + BELOW)) }
}

/** The axis' ticks in plotted values: both bounds (on a log scale the mean digit alone) and round values well between. */
export function lossTicks(bounds: LossBounds, scale: LossScale): number[] {
  const gap = gapOf(bounds)
  if (scale === 'log') {
    const round = [-4, -3, -2, -1, 0].flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)))
    return [...round.filter((value) => value >= gap / DECADES && value < gap * 0.75), gap]
  }
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((value) => gap / value < 5) ?? 0.5
  const first = Math.ceil(bounds.perfectCopy / step)
  const round = Array.from({ length: 6 }, (_, i) => Number(((first + i) * step).toFixed(4)))
  const clear = (value: number) => value > bounds.perfectCopy + 0.15 * gap && value < bounds.meanDigit - 0.15 * gap
  return [bounds.perfectCopy, ...round.filter(clear), bounds.meanDigit]
}

/** Whether a tick is one of the bounds, which have lines of their own. */
export function isBoundTick(value: number, bounds: LossBounds, scale: LossScale): boolean {
  return scale === 'log' ? value === gapOf(bounds) : value === bounds.perfectCopy || value === bounds.meanDigit
}

/** A tick's label: the BCE of a bound, else a round BCE or, on a log scale, a round distance to a perfect copy (`+0.05`). */
export function lossTickLabel(value: number, bounds: LossBounds, scale: LossScale): string {
  if (isBoundTick(value, bounds, scale)) return (scale === 'log' ? bounds.meanDigit : value).toFixed(4)
  return scale === 'log' ? `+${value}` : value.toFixed(2)
}

function gapOf({ perfectCopy, meanDigit }: LossBounds): number {
  return Math.max(meanDigit - perfectCopy, 1e-6)
}

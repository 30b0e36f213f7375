// The loss axis of a chart that shows a part of the epochs: it reaches over what is to be seen there.
import { formatLoss } from '../format'
import { plottedLoss, roundNumbers, spaced, type LossBounds, type LossScale } from './loss-scale'
import type { LossCurve } from '../series'

/** Ends of an axis in plotted values. */
export interface AxisRange {
  min: number
  max: number
}

/** From the least to the greatest loss of all curves within these epochs, and a little beyond; null where there is none. */
export function zoomedRange(
  curves: readonly LossCurve[],
  { from, to }: { from: number; to: number },
  bounds: LossBounds,
  scale: LossScale
): AxisRange | null {
  const first = Math.max(0, Math.floor(from) - 1)
  const inside = curves.flatMap((curve) => curve.slice(first, Math.ceil(to)))
  const plotted = inside.flatMap((loss) => (loss === null ? [] : plottedLoss(loss, bounds, scale)))
  if (plotted.length === 0) return null
  const [low, high] = [Math.min(...plotted), Math.max(...plotted)]
  if (scale === 'log') return { min: low / 1.1, max: high * 1.1 }
  const margin = 0.06 * (high - low) || 0.05 * high || 0.05
  return { min: low - margin, max: high + margin }
}

/** Round plotted values within the range, about five. */
export function zoomedTicks({ min, max }: AxisRange, scale: LossScale): number[] {
  if (scale === 'log') {
    const round = spaced(roundNumbers(min, max), { min, max })
    if (round.length > 1) return round
  }
  const step = roundNumbers(1e-9, max - min).find((value) => (max - min) / value < 6) ?? max - min
  const first = Math.ceil(min / step)
  const count = Math.floor(max / step) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** A loss with four decimals, on a log scale the distance to a perfect copy. */
export function zoomedTickLabel(value: number, scale: LossScale): string {
  return scale === 'log' ? `+${Number(value.toPrecision(3))}` : formatLoss(value)
}

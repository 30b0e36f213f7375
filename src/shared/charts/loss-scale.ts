// Where a loss stands on a chart. All charts of a run have one range, so that heights can be compared: a little beyond the two
// bounds, and further up, in steps, for a loss that has to be shown and lies higher.
import { seriesHasDiverged } from '../divergence'
import { formatLoss, formatTick } from '../format'
import type { Bounds } from '../run'
import type { LossCurve, Series } from '../series'

export type LossBounds = Pick<Bounds, 'perfectCopy' | 'meanDigit'> & {
  /** `mean digit` if left out. */
  meanName?: string
}
/** `log`: of the distance to a perfect copy; log of BCE itself would span less than a decade. */
export type LossScale = 'linear' | 'log'

const BELOW = 0.128 // of the gap between the bounds, left free below the perfect copy
const ABOVE = 0.184 // and above the mean digit
/** Room above the mean digit, in gaps, where that is not enough. A BCE of ln 2, an untrained model's, is 2.1 gaps above MNIST's. */
const HIGHER = [0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 20, 50, 100]
const HEADROOM = 0.03 // of the axis, kept above the highest loss
const MOST_LOG_DECADES = 4 // with 1, 2 and 5 of each
const DECADES = 64 // the log axis begins at a distance of gap / 64

/** The value plotted for a loss; distances below the log axis lie on its first line. */
export function plottedLoss(loss: number, bounds: LossBounds, scale: LossScale): number {
  return scale === 'linear' ? loss : Math.max(loss - bounds.perfectCopy, gapOf(bounds) / DECADES)
}

/** A run of no more epochs is shown whole. In a longer one the first epochs may leave the axis at its top: what comes later would be flat beside them. */
export const FEW_EPOCHS = 10

type Curves = Pick<Series, 'train' | 'val' | 'band'>

/**
 * The loss that every chart of the run has to reach: the highest of all where so few epochs are planned, else of the latest validation
 * losses; 0 while there is none, so that the axis keeps still through the first epoch. Diverged series count only where all have diverged: they would flatten the others.
 */
export function highestLoss(series: readonly Curves[], plannedEpochs: number, bounds: LossBounds): number {
  const healthy = series.filter((one) => !seriesHasDiverged(one, bounds))
  const wanted = ({ train, val, band }: Curves) => {
    const high = band?.high ?? val
    return plannedEpochs > FEW_EPOCHS ? [latestNumber(high)] : [...(train ?? []), ...high]
  }
  return Math.max(0, ...(healthy.length > 0 ? healthy : series).flatMap(wanted).map((loss) => loss ?? 0))
}

function latestNumber(losses: LossCurve): number {
  for (let index = losses.length - 1; index >= 0; index--) {
    const loss = losses[index]
    if (typeof loss === 'number') return loss
  }
  return 0
}

/**
 * The axis' ends in plotted values; `highest` is the loss that has to be on it. The mean digit stands at the same height on
 * both scales as long as the bounds alone set the range.
 */
export function lossRange(bounds: LossBounds, scale: LossScale, highest: number): { min: number; max: number } {
  const gap = gapOf(bounds)
  const room = roomAbove(bounds, scale, highest)
  if (scale === 'linear') return { min: bounds.perfectCopy - BELOW * gap, max: bounds.meanDigit + room * gap }
  return { min: gap / DECADES, max: gap * DECADES ** (room / (1 + BELOW)) }
}

/** Room above the mean digit so that `highest` is on the axis; in gaps, or on a log axis in as many of its lengths. */
function roomAbove(bounds: LossBounds, scale: LossScale, highest: number): number {
  const gap = gapOf(bounds)
  const over = Math.max(0, highest - bounds.meanDigit) / gap
  const needed = scale === 'linear' ? over : ((1 + BELOW) * Math.log(1 + over)) / Math.log(DECADES)
  if (needed <= ABOVE) return ABOVE
  return HIGHER.find((room) => needed <= room - HEADROOM * (BELOW + 1 + room)) ?? 1.1 * needed
}

/** The axis' ticks in plotted values: both bounds (on a log scale the mean digit alone) and round values well clear of them. */
export function lossTicks(bounds: LossBounds, scale: LossScale, highest: number): number[] {
  const gap = gapOf(bounds)
  const { min, max } = lossRange(bounds, scale, highest)
  if (scale === 'log') {
    const round = roundNumbers(min, max)
    const margin = Math.max(1.35, (max / min) ** 0.05) // kept clear around the mean digit's label
    const below = round.filter((value) => value < gap / margin)
    const above = round.filter((value) => value > gap * margin)
    return [...spaced(below, { min, max }), gap, ...spaced(above, { min, max })]
  }
  const shown = (max - min) / (BELOW + 1 + ABOVE) // the gap itself where the bounds alone set the range
  const step = roundNumbers(0.01, shown).find((value) => shown / value < 5) ?? shown
  const first = Math.ceil(bounds.perfectCopy / step)
  const round = Array.from({ length: 8 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  const distance = (value: number) =>
    Math.min(value - bounds.perfectCopy, Math.abs(value - bounds.meanDigit), 1.5 * (max - value))
  const lowest = gap > 0.08 * shown ? [bounds.perfectCopy] : [] // else its label would touch the mean digit's
  return [...lowest, bounds.meanDigit, ...round.filter((value) => distance(value) > 0.15 * shown)].sort((a, b) => a - b)
}

/** 1, 2 and 5 times the powers of ten from `from` to `to`, both above 0. */
export function roundNumbers(from: number, to: number): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))]
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return powers
    .flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)))
    .filter((value) => value >= from && value <= to)
}

/** Those of round numbers on a log axis that stand clear of one another; powers of ten alone where it has many. */
export function spaced(round: number[], { min, max }: { min: number; max: number }): number[] {
  const isMany = Math.log10(max / min) > MOST_LOG_DECADES
  const candidates = isMany ? round.filter((value) => Number.isInteger(Math.log10(value))) : round
  const room = (max / min) ** (isMany ? 0.07 : 0.03) // as a ratio of neighbours
  return candidates.reduce<number[]>((kept, value) => {
    const last = kept[kept.length - 1]
    return last === undefined || value / last > room ? [...kept, value] : kept
  }, [])
}

/** Whether a tick is one of the bounds, which have lines of their own. */
export function isBoundTick(value: number, bounds: LossBounds, scale: LossScale): boolean {
  return scale === 'log' ? value === gapOf(bounds) : value === bounds.perfectCopy || value === bounds.meanDigit
}

/** A tick's label: the loss of a bound, else a round loss or, on a log scale, a round distance to a perfect copy (`+0.05`). */
export function lossTickLabel(value: number, bounds: LossBounds, scale: LossScale): string {
  if (isBoundTick(value, bounds, scale)) return formatLoss(scale === 'log' ? bounds.meanDigit : value)
  return scale === 'log' ? `+${value < 10 ? value : formatTick(value)}` : formatTick(value)
}

function gapOf({ perfectCopy, meanDigit }: LossBounds): number {
  return Math.max(meanDigit - perfectCopy, 1e-6)
}

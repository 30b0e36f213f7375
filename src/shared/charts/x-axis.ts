// The axis below loss charts: epochs, optimizer steps or training time, even or logarithmic, whole or a part of it.
import { formatCount } from '../format'

export interface XAxis {
  unit: 'epoch' | 'step' | 'time'
  scale: 'linear' | 'log'
  /** Where a linear axis begins: 0, the untrained models, has no loss but can be looked at. A log axis begins at 1. */
  first: 0 | 1
  /** The epochs on show where it is not all of them. */
  zoom: { from: number; to: number } | null
}

/** How long the epochs of a series are: in steps, and in seconds until the end of each. */
export interface Pace {
  stepsPerEpoch?: number
  /** Left out or null: not known. No such series can be on an axis of time. */
  seconds?: readonly number[] | null
}

/** What lies across a chart, in its title: `by epoch`. */
export const acrossWords: Readonly<Record<XAxis['unit'], string>> = {
  epoch: 'by epoch',
  step: 'by optimizer step',
  time: 'by training time'
}

/** All epochs from the first that has a loss: the axis on paper. */
export const allEpochs: XAxis = { unit: 'epoch', scale: 'linear', first: 1, zoom: null }

/** Where an epoch of a series stands on the axis: in epochs, steps or seconds. */
export function xOf(epoch: number, { stepsPerEpoch = 1, seconds }: Pace, { unit }: XAxis): number {
  if (unit === 'time') return secondsAt(epoch, seconds ?? null)
  return unit === 'step' ? epoch * stepsPerEpoch : epoch
}

/** The epoch, not rounded, that stands at a place on the axis. */
export function epochOf(x: number, { stepsPerEpoch = 1, seconds }: Pace, { unit }: XAxis): number {
  if (unit === 'time') return epochAfter(x, seconds ?? null)
  return unit === 'step' ? x / stepsPerEpoch : x
}

/** Between two epochs evenly; beyond the last as long as the epochs before were on average. NaN where nothing is known. */
function secondsAt(epoch: number, seconds: readonly number[] | null): number {
  if (!seconds) return NaN
  const last = seconds[seconds.length - 1] ?? 1
  if (epoch >= seconds.length) return (epoch * last) / Math.max(1, seconds.length)
  const before = Math.max(0, Math.floor(epoch))
  const start = seconds[before - 1] ?? 0
  return start + (epoch - before) * ((seconds[before] ?? start) - start)
}

function epochAfter(time: number, seconds: readonly number[] | null): number {
  if (!seconds) return NaN
  const last = seconds[seconds.length - 1] ?? 1
  const after = seconds.findIndex((end) => end >= time)
  if (after < 0) return (time * Math.max(1, seconds.length)) / last
  const start = seconds[after - 1] ?? 0
  const length = (seconds[after] ?? start) - start
  return after + (length > 0 ? (time - start) / length : 0)
}

/** A log axis of time begins at this share of its end at least, also where the first epoch took no time that was measured. */
const LEAST_SHARE = 1e-3

/**
 * Both ends of the axis of these series when `epochs` have to be on it. An axis has two ends even for one epoch. Of steps and time, a series
 * that has trained fewer epochs than the others (`trained`) reaches as far as those.
 */
export function xRange(
  axis: XAxis,
  epochs: number,
  series: readonly (Pace & { trained?: number })[]
): { min: number; max: number } {
  const first = axis.scale === 'log' ? 1 : axis.first
  const { from, to } = axis.zoom ?? { from: first, to: Math.max(2, epochs) }
  const least = axis.scale === 'log' ? Math.max(1, from) : from
  const most = Math.max(...series.map(({ trained = 0 }) => trained))
  const reachOf = ({ trained = most }: { trained?: number }) =>
    axis.unit !== 'epoch' && trained > 0 && trained < most ? Math.min(to, trained) : to
  const min = Math.min(...series.map((one) => xOf(least, one, axis)))
  const end = Math.max(...series.map((one) => xOf(Math.max(reachOf(one), least + 0.5), one, axis)))
  const max = end > min ? end : min + 1
  return { min: axis.scale === 'log' && min <= 0 ? LEAST_SHARE * max : min, max }
}

/** Places to write below an axis that has room for so many: round numbers, and its beginning where that is the first epoch. */
export function xTicks({ min, max }: { min: number; max: number }, { scale, unit }: XAxis, most = 7): number[] {
  return scale === 'log'
    ? logTicks(min, max, most, unit !== 'time')
    : linearTicks(min, max, most, unit === 'time' ? timeSteps : roundSteps)
}

/** `800`, `10k`: steps are many. Of time `20 s`, `5 min`, `2 h`. */
export function xLabel(x: number, unit: XAxis['unit'] = 'epoch'): string {
  if (unit === 'time') return timeLabel(x)
  return x >= 10_000 && x % 1000 === 0 ? `${formatCount(x / 1000)}k` : formatCount(x)
}

function timeLabel(seconds: number): string {
  if (seconds >= 3600 && seconds % 360 === 0) return `${Number((seconds / 3600).toFixed(1))} h`
  if (seconds >= 60 && seconds % 60 === 0) return `${formatCount(seconds / 60)} min`
  return `${Number(seconds < 0.1 ? seconds.toPrecision(2) : seconds.toFixed(2))} s`
}

function linearTicks(min: number, max: number, most: number, steps: readonly number[]): number[] {
  const step = steps.find((value) => (max - Math.min(min, 1)) / value <= most) ?? 1e6
  const first = min === 1 && step > 1 ? [1] : []
  const ticks: number[] = []
  for (let tick = Math.ceil(min / step) * step; tick <= max; tick += step) ticks.push(tick)
  return [...first, ...ticks]
}

const roundSteps = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
/** Seconds between marks that are round in seconds, minutes or hours. */
const timeSteps = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30],
  ...[1, 2, 5, 10, 20, 30].map((minutes) => 60 * minutes),
  ...[1, 2, 5, 10, 24, 48].map((hours) => 3600 * hours)
]

/** `min` is above 0. */
function logTicks(min: number, max: number, most: number, isWhole: boolean): number[] {
  const all: number[] = []
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power++)
    for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`))
  const room = (max / min) ** (1 / (most + 1)) // as a ratio of neighbours
  return all.reduce<number[]>((kept, value) => {
    const last = kept[kept.length - 1]
    const isInside = value >= min && value <= max && (!isWhole || Number.isInteger(value))
    return isInside && (last === undefined || value / last > room) ? [...kept, value] : kept
  }, [])
}

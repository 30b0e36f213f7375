// The axis below loss charts: epochs or optimizer steps, even or logarithmic, whole or a part of it.
import { formatCount } from '../format'

export interface XAxis {
  unit: 'epoch' | 'step'
  scale: 'linear' | 'log'
  /** Where a linear axis begins: 0, the untrained models, has no loss but can be looked at. A log axis begins at 1. */
  first: 0 | 1
  /** The epochs on show where it is not all of them. */
  zoom: { from: number; to: number } | null
}

/** All epochs from the first that has a loss: the axis on paper. */
export const allEpochs: XAxis = { unit: 'epoch', scale: 'linear', first: 1, zoom: null }

/** Where an epoch of a model that makes so many steps in each stands on the axis. */
export function xOf(epoch: number, stepsPerEpoch: number, { unit }: XAxis): number {
  return unit === 'step' ? epoch * stepsPerEpoch : epoch
}

/** The epoch, not rounded, that stands at a place on the axis. */
export function epochOf(x: number, stepsPerEpoch: number, { unit }: XAxis): number {
  return unit === 'step' ? x / stepsPerEpoch : x
}

/** Both ends of the axis of models that make so many steps an epoch, when `epochs` have to be on it. An axis has two ends even for one epoch. */
export function xRange(axis: XAxis, epochs: number, steps: readonly number[]): { min: number; max: number } {
  const first = axis.scale === 'log' ? 1 : axis.first
  const { from, to } = axis.zoom ?? { from: first, to: Math.max(2, epochs) }
  const least = axis.scale === 'log' ? Math.max(1, from) : from
  return { min: xOf(least, Math.min(...steps), axis), max: xOf(Math.max(to, least + 0.5), Math.max(...steps), axis) }
}

/** Places to write below an axis that has room for so many: round numbers, and its beginning where that is the first epoch. */
export function xTicks({ min, max }: { min: number; max: number }, scale: XAxis['scale'], most = 7): number[] {
  return scale === 'log' ? logTicks(min, max, most) : linearTicks(min, max, most)
}

/** `800`, `10k`: steps are many. */
export function xLabel(x: number): string {
  return x >= 10_000 && x % 1000 === 0 ? `${formatCount(x / 1000)}k` : formatCount(x)
}

function linearTicks(min: number, max: number, most: number): number[] {
  const step = roundSteps.find((value) => (max - Math.min(min, 1)) / value <= most) ?? 1e6
  const first = min === 1 && step > 1 ? [1] : []
  const ticks: number[] = []
  for (let tick = Math.ceil(min / step) * step; tick <= max; tick += step) ticks.push(tick)
  return [...first, ...ticks]
}

const roundSteps = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))

function logTicks(min: number, max: number, most: number): number[] {
  const all: number[] = []
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power++)
    for (const digit of [1, 2, 5]) all.push(digit * 10 ** power)
  const room = (max / min) ** (1 / (most + 1)) // as a ratio of neighbours
  return all.reduce<number[]>((kept, value) => {
    const last = kept[kept.length - 1]
    const isInside = value >= min && value <= max && Number.isInteger(value)
    return isInside && (last === undefined || value / last > room) ? [...kept, value] : kept
  }, [])
}

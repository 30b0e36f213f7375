// What a run was trained with, in a line: what the presets differ in, and whatever differs from what they have in common.
import { presets, type Experiment } from './experiment'
import { formatPlural } from './format'
import {
  formatValue,
  hyperparameterKeys,
  rowOf,
  type HyperparameterKey,
  type HyperparameterValue
} from './hyperparameters'
import { differInWidth } from './series'

/** `tanh`, `batch 128`, `70 epochs`, `seed 1`: the hyperparameters that stay, then the seeds. */
export function recipeParts({ base, seeds }: Pick<Experiment, 'base' | 'seeds'>): string[] {
  return [...baseParts(base), seeds.length === 1 ? `seed ${seeds[0]}` : formatPlural(seeds.length, 'seed')]
}

/** `tanh`, `batch 128`, `70 epochs`: the hyperparameters that stay. */
export function baseParts(base: Experiment['base']): string[] {
  return hyperparameterKeys.flatMap((key) => {
    const value = base[key]
    return value === undefined || isCommon(key, value) ? [] : [rowOf(key).inName(value)]
  })
}

/** Whether every preset that compares widths has this value: the others are the article's but for what they vary. */
function isCommon(key: HyperparameterKey, value: HyperparameterValue): boolean {
  return Object.values(presets)
    .filter(differInWidth)
    .every((preset) => {
      const common = preset.base[key]
      return common !== undefined && formatValue(key, common) === formatValue(key, value)
    })
}

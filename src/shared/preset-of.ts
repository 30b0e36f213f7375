// Which preset an experiment is: one rule for the form and the command line.
import { presets, valuesOf, type Experiment } from './experiment'
import { formatValue, hyperparameterKeys } from './hyperparameters'

type Recipe = Pick<Experiment, 'dataset' | 'base' | 'varied' | 'seeds'>

const presetNames = Object.keys(presets) as (keyof typeof presets)[]

/** The preset whose recipe this is; `custom` where anything differs. The number of seeds belongs to a recipe, name and first seed do not. */
export function presetOf(experiment: Recipe): Experiment['preset'] {
  const spelled = spelledRecipe(experiment)
  return presetNames.find((name) => spelledRecipe(presets[name]) === spelled) ?? 'custom'
}

function spelledRecipe({ dataset, base, varied, seeds }: Recipe): string {
  const values = valuesOf({ varied }).map((value) => formatValue(varied.key, value))
  const stay = hyperparameterKeys.map((key) => (base[key] === undefined ? null : formatValue(key, base[key])))
  return JSON.stringify([dataset, varied.key, values, stay, seeds.length])
}

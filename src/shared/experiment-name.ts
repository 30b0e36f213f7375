// What an experiment is called while nobody has named it: after its preset, its varied values, and what else was changed.
import { hyperparametersAt, presets, valuesOf, type Experiment } from './experiment'
import { formatCountInWords } from './format'
import {
  displayValue,
  formatValue,
  hyperparameterKeys,
  hyperparameters,
  rowOf,
  type HyperparameterKey
} from './hyperparameters'

/** What a name follows from. */
export type NamedExperiment = Pick<Experiment, 'base' | 'varied' | 'seeds'>

const LONGEST = 80
const AGAIN = 'again'
/** So many values are named one by one. */
const MOST_NAMED = 4

/** `Article, six dimensions` for the preset itself; `Article, d = 4 and 12, 20 epochs` where dimensions and epochs differ from it. */
export function suggestedName(experiment: NamedExperiment, base: keyof typeof presets): string {
  const preset = presets[base]
  const [, ownValues = ''] = preset.name.split(', ')
  const isOwn = spelledValues(experiment) === spelledValues(preset)
  const seeds = experiment.seeds.length > 1 ? [`${experiment.seeds.length} seeds`] : []
  const parts = [
    presetTitle(preset),
    isOwn ? ownValues : variedValues(experiment),
    ...changes(experiment, preset),
    ...seeds
  ]
  return joined(parts, LONGEST)
}

/** The first parts, as many as fit; at least a piece of the first. */
function joined(parts: readonly string[], longest: number): string {
  const fitting = parts.filter((_, index) => parts.slice(0, index + 1).join(', ').length <= longest)
  return (fitting.join(', ') || (parts[0] ?? '')).slice(0, longest)
}

/** What a copy is called: its name as far as there is room, and `again`. */
export function nameOfCopy(name: string): string {
  return joined([...joined(name.split(', '), LONGEST - AGAIN.length - 2).split(', '), AGAIN], LONGEST)
}

/** `Article` of `Article, six dimensions`. */
export function presetTitle({ name }: Pick<Experiment, 'name'>): string {
  return name.split(', ')[0] ?? name
}

const spelledValues = ({ varied }: NamedExperiment) =>
  `${varied.key} ${valuesOf({ varied }).map((value) => formatValue(varied.key, value))}`

function variedValues({ varied }: NamedExperiment): string {
  const { key } = varied
  const values = valuesOf({ varied }).map((value) => displayValue(key, value))
  const { symbol, plural, axis } = hyperparameters[key]
  const last = values[values.length - 1]
  const upTo = axis === 'category' ? '' : ` up to ${last}` // names have no order
  if (values.length > MOST_NAMED) return `${formatCountInWords(values.length)} ${plural}${upTo}`
  if (values.length < 2) return values.length === 0 ? `no ${plural}` : `${symbol} = ${last}`
  return `${symbol} = ${values.slice(0, -1).join(', ')} and ${last}`
}

/** What stays and differs from the preset; where the preset varies it, what it is. */
function changes(experiment: NamedExperiment, preset: Experiment): string[] {
  const first = hyperparametersAt(preset, valuesOf(preset)[0] as never)
  return hyperparameterKeys.flatMap((key: HyperparameterKey) => {
    const value = experiment.base[key]
    if (value === undefined) return []
    const isSame = preset.varied.key !== key && formatValue(key, value) === formatValue(key, first[key])
    return isSame ? [] : [rowOf(key).inName(value)]
  })
}

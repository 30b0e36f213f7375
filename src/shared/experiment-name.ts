// What an experiment is called while nobody has named it: after its preset, its varied values, and what else was changed.
import { cutText } from './cut-text'
import { hyperparametersAt, LONGEST_NAME, presets, valuesOf, type Experiment } from './experiment'
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
export type NamedExperiment = Pick<Experiment, 'base' | 'varied' | 'seeds'> & Partial<Pick<Experiment, 'dataset'>>

const AGAIN = 'again'
/** So many values are named one by one. */
const MOST_NAMED = 4

/** `Article, six dimensions` for the preset itself; `d = 4 and 12, 20 epochs, Article` where dimensions and epochs differ from it: what tells it from others comes first. */
export function suggestedName(experiment: NamedExperiment, base: keyof typeof presets): string {
  const preset = presets[base]
  const [, ownValues = ''] = preset.name.split(', ')
  const isOwn = spelledValues(experiment) === spelledValues(preset)
  const usual = isOwn ? [presetTitle(preset), ownValues] : [presetTitle(preset)]
  return joined([...differences(experiment, base), ...usual], LONGEST_NAME)
}

/** What differs from a preset, without its own values of what is varied: `10 epochs`, `3 seeds`. */
export function differences(experiment: NamedExperiment, base: keyof typeof presets): string[] {
  const preset = presets[base]
  const isOwn = spelledValues(experiment) === spelledValues(preset)
  const data = experiment.dataset === undefined || experiment.dataset === preset.dataset ? [] : [experiment.dataset]
  return [
    ...data,
    ...(isOwn ? [] : [variedValues(experiment)]),
    ...changes(experiment, preset),
    ...seedsInName(experiment, preset)
  ]
}

/** `seed 3`, `3 seeds`, `3 seeds from 7`; nothing for the one seed of the preset. */
function seedsInName({ seeds: [first = 0, ...others] }: NamedExperiment, preset: Experiment): string[] {
  const isUsual = first === preset.seeds[0]
  if (others.length === 0) return isUsual ? [] : [`seed ${first}`]
  return [`${others.length + 1} seeds${isUsual ? '' : ` from ${first}`}`]
}

/** The first parts, as many as fit; at least a piece of the first. */
function joined(parts: readonly string[], longest: number): string {
  const fitting = parts.filter((_, index) => parts.slice(0, index + 1).join(', ').length <= longest)
  return cutText(fitting.join(', ') || (parts[0] ?? ''), longest)
}

/** What a copy is called: its name as far as there is room, and `again`. */
export function nameOfCopy(name: string): string {
  return joined([...joined(name.split(', '), LONGEST_NAME - AGAIN.length - 2).split(', '), AGAIN], LONGEST_NAME)
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

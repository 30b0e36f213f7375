// The options of `run` and the experiment they make. Each value is checked by the row of its hyperparameter.
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import {
  allowed,
  ExperimentSchema,
  hyperparametersAt,
  MOST_SEEDS,
  NameSchema,
  presets,
  SeedSchema,
  valuesOf,
  type Experiment
} from '@shared/experiment'
import { suggestedName } from '@shared/experiment-name'
import { formatCount } from '@shared/format'
import {
  hyperparameterKeys,
  hyperparameters,
  formatValue,
  keyOf,
  variableKeys,
  type HyperparameterKey,
  type HyperparameterValue
} from '@shared/hyperparameters'
import { issueInWords } from '@shared/issue'
import { parseNumber, spellingHint } from '@shared/parse-number'
import { presetOf } from '@shared/preset-of'
import type { DatasetInfo } from '@shared/run'
import { nameHint, oneOf } from '@shared/spelling'
import { accepted, typedValue, typedValues, type Typed, type TypedList } from '@shared/typed-values'
import { unusable } from './usage-error'

export interface ValueOption<T> {
  flags: string
  description: string
  /** What may be given, in words. */
  expected: string
  parse(text: string): T
}

/** What `--vary` and `--dims` ask for. */
type Varied = Experiment['varied']

const presetNames = Object.keys(presets) as (keyof typeof presets)[]
const MOST_THREADS = 1024
const variableFlags = variableKeys.map((key) => hyperparameters[key].flag.slice(2))

/** `--epochs` and the others: one a hyperparameter, by its key. The latent dimension's takes a list, which is what is varied. */
const hyperparameterOptions = Object.fromEntries(
  hyperparameterKeys.map((key) => {
    const { flag, description, expected } = hyperparameters[key]
    if (key === 'latentDim')
      return [key, option(`${flag} <list>`, description, listExpected(key), (text) => listOf(key, text))]
    return [key, option(`${flag} <value>`, description, expected, (text) => typedValue(key, text))]
  })
) as Record<HyperparameterKey, ValueOption<unknown>>

/** Options that take a value; `parse` throws LabError `bad-value` with the option, what was given and what is allowed. */
export const runOptions = {
  preset: choice('--preset <name>', 'recipe to start from, article if left out', presetNames),
  ...hyperparameterOptions,
  data: option('--data <name>', 'data set to train on, mnist if left out', 'the name of a data set', nonEmpty),
  vary: option(
    '--vary <key=list>',
    'vary another hyperparameter than the latent dimension',
    `a hyperparameter (${variableFlags.join(', ')}), =, and its values separated by commas`,
    variedOf
  ),
  seed: checked('--seed <number>', 'seed of weights and shuffling', allowed.seed, SeedSchema),
  seeds: countOption('--seeds <count>', 'train each model with so many seeds, from --seed on', MOST_SEEDS),
  name: option('--name <text>', 'name in the run list', allowed.name, (text) => typedIf(accepted(NameSchema, text))),
  device: option('--device <name>', 'where to train, the fastest if left out', 'the name of a device', nonEmpty),
  threads: countOption('--threads <count>', 'train with at most so many threads of the processor', MOST_THREADS),
  out: option(
    '--out <folder>',
    'run folder to make; else one among the other runs',
    'a folder that does not exist yet or is empty',
    nonEmpty
  )
}

/** What the parser hands over by the options' own names; an option that was not given is absent. */
export interface RunValues {
  preset?: keyof typeof presets
  data?: string
  vary?: Varied
  dims?: number[]
  seed?: number
  seeds?: number
  name?: string
  device?: string
  threads?: number
  out?: string
  /** Those of the hyperparameters by the names that the parser makes of their flags. */
  [option: string]: unknown
}

/** The name under which the parser hands over the value of a flag: `batchSize` of `--batch-size`. */
export function optionName(flag: string): string {
  return flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * The experiment that the options ask for; what they leave out comes from the preset, as far as it fits `dataset`, where the options
 * name one. Throws LabError `bad-value`.
 */
export function experimentOf(values: RunValues, dataset?: DatasetInfo): Experiment {
  const name = values.preset ?? 'article'
  const preset = dataset ? fitting(presets[name], dataset) : presets[name]
  const varied = variedBy(values, preset.varied)
  const presetValues = hyperparametersAt(preset, middleOf(valuesOf(preset)))
  const base = Object.fromEntries(
    hyperparameterKeys.flatMap((key) => (key === varied.key ? [] : [[key, given(values, key) ?? presetValues[key]]]))
  )
  const [firstSeed = 0] = values.seed === undefined ? preset.seeds : [values.seed]
  const seeds = Array.from({ length: values.seeds ?? 1 }, (_, index) => firstSeed + index)
  const recipe = { dataset: preset.dataset, base, varied, seeds }
  return checkedExperiment({
    name: values.name ?? suggestedName(recipe, name),
    preset: presetOf(recipe),
    ...recipe
  })
}

/** The preset for another data set: all of its training images, batches that are no larger, codes of no more units than pixels. */
function fitting(preset: Experiment, { name, trainCount, rows, columns }: DatasetInfo): Experiment {
  const { base, varied } = preset
  const batchSize = Math.min(base.batchSize as number, trainCount)
  const isCode = varied.key === 'latentDim'
  const values = isCode ? valuesOf(preset).filter((units) => Number(units) <= rows * columns) : varied.values
  return {
    ...preset,
    dataset: name,
    base: { ...base, trainLimit: trainCount, batchSize },
    varied: { ...varied, values }
  }
}

/** The value that stays where the preset varies what the user does not. */
const middleOf = (values: HyperparameterValue[]) => values[Math.floor(values.length / 2)] as HyperparameterValue

/** What the user has given of a hyperparameter that stays. */
function given(values: RunValues, key: HyperparameterKey): unknown {
  const value = values[optionName(hyperparameters[key].flag)]
  return key === 'latentDim' && Array.isArray(value) ? value[0] : value
}

/** What is varied: what the user says, else what the preset varies. Throws LabError where it is more than one thing. */
function variedBy(values: RunValues, ofPreset: Varied): Varied {
  const { vary, dims } = values
  if (!vary) return dims && dims.length > 1 ? { key: 'latentDim', values: dims } : ofPresetOr(values, ofPreset)
  const { flag, label } = hyperparameters[vary.key]
  const both = `${flag} and --vary ${flag.slice(2)}=… both set the ${label.toLowerCase()}`
  if (vary.key === 'latentDim' ? dims : values[optionName(flag)] !== undefined) {
    throw new LabError('bad-value', both, { remedy: 'Give one of them' })
  }
  if (dims && dims.length > 1) throw twoVaried(`--dims ${dims.join()}`, `--vary ${flag.slice(2)}=…`)
  return vary
}

/** What the preset varies, with the user's one value in place of its own where one is given. */
function ofPresetOr(values: RunValues, { key, values: own }: Varied): Varied {
  const value = given(values, key) as HyperparameterValue | undefined
  return { key, values: value === undefined ? own : [value] }
}

function twoVaried(one: string, other: string): LabError {
  return new LabError('bad-value', `A run varies one hyperparameter, and ${one} and ${other} are two`, {
    remedy: 'Vary one of them; a command for several, sweep, does not exist yet'
  })
}

function checkedExperiment(experiment: unknown): Experiment {
  const result = v.safeParse(ExperimentSchema, experiment)
  if (result.success) return result.output
  const { name, found, expected } = issueInWords(result.issues[0])
  const key = hyperparameterKeys.find((one) => hyperparameters[one].label.toLowerCase() === name)
  throw unusable(key ? hyperparameters[key].flag : (blamed[name] ?? name), found, expected)
}

/** What is to blame where it is no hyperparameter. */
const blamed: Readonly<Record<string, string>> = { seeds: '--seeds', models: 'The number of models' }

/** Throws LabError where the hyperparameter is known and its values can't be used. */
function variedOf(text: string): Typed<Varied> {
  const [, name = '', list = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  const key = keyOf(name.trim())
  if (!key || !variableKeys.includes(key)) return { hint: '' }
  const values = listOf(key, list)
  if ('value' in values) return { value: { key, values: values.value } }
  const expected = `${hyperparameters[key].flag.slice(2)}= and ${listExpected(key)}`
  throw unusable('--vary', text, expected, values.hint, values.blamed)
}

function listExpected(key: HyperparameterKey): string {
  return `${allowed.values}, separated by commas; each ${hyperparameters[key].expected}`
}

function listOf(key: HyperparameterKey, text: string): TypedList {
  if (/,\s*$/.test(text)) return { hint: 'Put a list with spaces in quotes, or leave the spaces out', blamed: text }
  const typed = typedValues(key, text)
  if (!('value' in typed)) return typed
  const spelled = typed.value.map((value) => formatValue(key, value))
  const again = spelled.find((value, index) => spelled.indexOf(value) < index)
  return again === undefined ? typed : { hint: '', blamed: `${again} twice` }
}

function option<T>(
  flags: string,
  description: string,
  expected: string,
  read: (text: string) => Typed<T> & { blamed?: string }
): ValueOption<T> {
  return {
    flags,
    description,
    expected,
    parse(text) {
      const typed = read(text)
      if ('value' in typed) return typed.value
      throw unusable(flags.split(' ')[0] ?? flags, text, expected, typed.hint, typed.blamed)
    }
  }
}

const typedIf = <T>(value: T | undefined): Typed<T> => (value === undefined ? { hint: '' } : { value })

function choice<T extends string>(flags: string, description: string, names: readonly T[]): ValueOption<T> {
  return option(flags, description, oneOf(names), (text): Typed<T> => {
    const value = names.find((name) => name === text)
    return value === undefined ? { hint: nameHint(names, text) } : { value }
  })
}

/** An option that takes a whole number. */
function checked(flags: string, description: string, expected: string, schema: v.GenericSchema<unknown, number>) {
  return option(flags, description, expected, (text): Typed<number> => {
    const value = accepted(schema, parseNumber(text, 'whole'))
    return value === undefined ? { hint: spellingHint(text, 'whole') } : { value }
  })
}

/** An option that takes a whole number from 1 to `most`. */
export function countOption(flags: string, description: string, most: number): ValueOption<number> {
  const schema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))
  return checked(flags, description, `a whole number from 1 to ${formatCount(most)}`, schema)
}

function nonEmpty(text: string): Typed<string> {
  return text.trim() === '' ? { hint: '' } : { value: text }
}

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
  keyOf,
  rowOf,
  variableKeys,
  type HyperparameterKey,
  type HyperparameterValue
} from '@shared/hyperparameters'
import { issueInWords } from '@shared/issue'
import { parseNumber } from '@shared/parse-number'
import { presetOf } from '@shared/preset-of'
import { shownValue } from './usage-error'

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
    return [key, option(`${flag} <value>`, description, expected, (text) => valueOf(key, text))]
  })
) as Record<HyperparameterKey, ValueOption<unknown>>

/** Options that take a value; `parse` throws LabError `bad-value` with the option, what was given and what is allowed. */
export const runOptions = {
  preset: choice('--preset <name>', 'recipe to start from, article if left out', presetNames),
  ...hyperparameterOptions,
  vary: option(
    '--vary <key=list>',
    'vary another hyperparameter than the latent dimension',
    `a hyperparameter (${variableFlags.join(', ')}), =, and its values separated by commas`,
    variedOf
  ),
  seed: checked('--seed <number>', 'seed of weights and shuffling', allowed.seed, SeedSchema),
  seeds: checked(
    '--seeds <count>',
    'train each model with so many seeds, from --seed on',
    `a whole number from 1 to ${MOST_SEEDS}`,
    wholeUpTo(MOST_SEEDS)
  ),
  name: option('--name <text>', 'name in the run list', allowed.name, (text) => accepted(NameSchema, text)),
  device: option('--device <name>', 'where to train, the fastest if left out', 'the name of a device', nonEmpty),
  threads: checked(
    '--threads <count>',
    'train with at most so many threads of the processor',
    `a whole number from 1 to ${formatCount(MOST_THREADS)}`,
    wholeUpTo(MOST_THREADS)
  ),
  out: option(
    '--out <folder>',
    'run folder to make; else one among the other runs',
    'a folder that does not exist yet',
    nonEmpty
  )
}

/** What the parser hands over by the options' own names; an option that was not given is absent. */
export interface RunValues {
  preset?: keyof typeof presets
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

/** The experiment that the options ask for; what they leave out comes from the preset. Throws LabError `bad-value`. */
export function experimentOf(values: RunValues): Experiment {
  const name = values.preset ?? 'article'
  const preset = presets[name]
  const varied = variedBy(values) ?? preset.varied
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

/** The value that stays where the preset varies what the user does not. */
const middleOf = (values: HyperparameterValue[]) => values[Math.floor(values.length / 2)] as HyperparameterValue

/** What the user has given of a hyperparameter that stays. */
function given(values: RunValues, key: HyperparameterKey): unknown {
  const value = values[optionName(hyperparameters[key].flag)]
  return key === 'latentDim' && Array.isArray(value) ? value[0] : value
}

/** What the user has asked to vary; undefined where the preset decides. Throws LabError where it is more than one thing. */
function variedBy({ vary, dims, ...values }: RunValues): Varied | undefined {
  if (!vary) return dims && { key: 'latentDim', values: dims }
  const { flag, label } = hyperparameters[vary.key]
  const both = `${flag} and --vary ${flag.slice(2)}=… both set the ${label.toLowerCase()}`
  if (vary.key === 'latentDim' ? dims : values[optionName(flag)] !== undefined) {
    throw new LabError('bad-value', both, { remedy: 'Give one of them' })
  }
  if (dims && dims.length > 1) throw unusable('--dims', dims.join(), 'one latent dimension beside --vary')
  return vary
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
function variedOf(text: string): Varied | undefined {
  const [, name = '', list = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  const key = keyOf(name.trim())
  if (!key || !variableKeys.includes(key)) return undefined
  const values = listOf(key, list)
  if (!values) throw unusable('--vary', text, `${hyperparameters[key].flag.slice(2)}= and ${listExpected(key)}`)
  return { key, values }
}

function listExpected(key: HyperparameterKey): string {
  return `${allowed.values}, separated by commas; each ${hyperparameters[key].expected}`
}

function listOf(key: HyperparameterKey, text: string): HyperparameterValue[] | undefined {
  const values = text.split(',').map((part) => valueOf(key, part))
  const isWhole = values.every((value): value is HyperparameterValue => value !== undefined)
  return isWhole && new Set(values.map(String)).size === values.length ? values : undefined
}

function valueOf(key: HyperparameterKey, text: string): HyperparameterValue | undefined {
  const { schema, parse } = rowOf(key)
  return accepted(schema, parse(text))
}

function accepted<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}

function unusable(flag: string, found: string, expected: string): LabError {
  return new LabError('bad-value', `${flag} is not usable`, { found: shownValue(found), expected })
}

function option<T>(
  flags: string,
  description: string,
  expected: string,
  parse: (text: string) => T | undefined
): ValueOption<T> {
  return {
    flags,
    description,
    expected,
    parse(text) {
      const value = parse(text)
      if (value === undefined) throw unusable(flags.split(' ')[0] ?? flags, text, expected)
      return value
    }
  }
}

function choice<T extends string>(flags: string, description: string, names: readonly T[]): ValueOption<T> {
  return option(flags, description, names.join(', '), (text) => names.find((name) => name === text))
}

/** An option that takes a number. */
function checked(flags: string, description: string, expected: string, schema: v.GenericSchema<unknown, number>) {
  return option(flags, description, expected, (text) => accepted(schema, parseNumber(text)))
}

function wholeUpTo(most: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))
}

function nonEmpty(text: string): string | undefined {
  return text.trim() === '' ? undefined : text
}

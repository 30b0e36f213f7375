// The options of `run` and the experiment they make. Each value is checked by the experiment's own schema.
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { activations, allowed, engineNames, ExperimentSchema, presets, type Experiment } from '@shared/experiment'
import { suggestedName } from '@shared/experiment-name'
import { parseNumber } from '@shared/parse-number'
import { allowedMemoryBudget, MemoryBudgetSchema } from '@shared/memory-budget'
import { shownValue } from './usage-error'

export interface ValueOption<T> {
  flags: string
  description: string
  /** What may be given, in words. */
  expected: string
  parse(text: string): T
}

const presetNames = Object.keys(presets) as (keyof typeof presets)[]
const { entries } = ExperimentSchema

/** Options that take a value; `parse` throws LabError `bad-value` with the option, what was given and what is allowed. */
export const runOptions = {
  preset: choice('--preset <name>', 'recipe to start from, article if left out', presetNames),
  dims: checked(
    '--dims <list>',
    'latent dimensions',
    `${allowed.latentDims}, separated by commas`,
    listOfNumbers,
    entries.varied.entries.values
  ),
  epochs: checked('--epochs <count>', 'epochs', allowed.epochs, parseNumber, entries.epochs),
  batchSize: checked('--batch-size <count>', 'images a batch', allowed.batchSize, parseNumber, entries.batchSize),
  activation: choice('--activation <name>', 'activation of the encoder', activations),
  learningRate: checked(
    '--learning-rate <rate>',
    "Adam's learning rate",
    allowed.learningRate,
    parseNumber,
    entries.learningRate
  ),
  seed: checked('--seed <number>', 'seed of weights and shuffling', allowed.seed, parseNumber, entries.seed),
  trainLimit: checked(
    '--train-limit <count>',
    'train on the first so many images',
    allowed.trainLimit,
    parseNumber,
    entries.trainLimit
  ),
  name: checked('--name <text>', 'name in the run list', allowed.name, (text) => text, entries.name),
  engine: choice('--engine <name>', 'what does the arithmetic, the fastest if left out', engineNames),
  device: option('--device <name>', 'where it does it, the fastest if left out', 'the name of a device', nonEmpty),
  memoryBudget: checked(
    '--memory-budget <megabytes>',
    'models that would take more than so much memory take turns; else as the settings say',
    allowedMemoryBudget,
    parseNumber,
    MemoryBudgetSchema
  ),
  out: option(
    '--out <folder>',
    'run folder to make; else one among the other runs',
    'a folder that does not exist yet',
    nonEmpty
  )
} satisfies Record<string, ValueOption<unknown>>

/** `lab devices --try NAME`. */
export const tryOption = option(
  '--try <name>',
  'use a device again that failed twice',
  runOptions.device.expected,
  nonEmpty
)

/** What the parser hands over: an option that was not given is absent. */
export type RunValues = { [K in keyof typeof runOptions]?: ReturnType<(typeof runOptions)[K]['parse']> }

/** The experiment that the options ask for; what they leave out comes from the preset. */
export function experimentOf(values: RunValues): Experiment {
  const base = values.preset ?? 'article'
  const preset = presets[base]
  const sameDims: Experiment = {
    ...preset,
    epochs: values.epochs ?? preset.epochs,
    batchSize: values.batchSize ?? preset.batchSize,
    activation: values.activation ?? preset.activation,
    learningRate: values.learningRate ?? preset.learningRate,
    trainLimit: values.trainLimit ?? preset.trainLimit
  }
  const dims = values.dims ?? preset.varied.values
  const isRecipe = JSON.stringify(sameDims) === JSON.stringify(preset)
  const isPreset = isRecipe && dims.join() === preset.varied.values.join()
  checkBatch(sameDims, values)
  return {
    ...sameDims,
    varied: { ...preset.varied, values: dims },
    preset: isPreset ? preset.preset : 'custom',
    seed: values.seed ?? preset.seed,
    name: values.name ?? suggestedName({ ...sameDims, latentDims: dims }, base)
  }
}

function checkBatch({ batchSize, trainLimit }: Experiment, values: RunValues): void {
  if (batchSize <= trainLimit) return
  const blamed = values.batchSize === undefined ? '--train-limit' : '--batch-size'
  const found = values.batchSize === undefined ? trainLimit : batchSize
  const expected =
    values.batchSize === undefined
      ? `at least the ${batchSize} images of a batch`
      : `a whole number from 1 to the number of training images (${trainLimit})`
  throw unusable(blamed, String(found), expected)
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

function checked<T>(
  flags: string,
  description: string,
  expected: string,
  read: (text: string) => unknown,
  schema: v.GenericSchema<unknown, T>
): ValueOption<T> {
  return option(flags, description, expected, (text) => {
    const result = v.safeParse(schema, read(text))
    return result.success ? result.output : undefined
  })
}

function listOfNumbers(text: string): number[] {
  return text.split(',').map((part) => parseNumber(part))
}

function nonEmpty(text: string): string | undefined {
  return text.trim() === '' ? undefined : text
}

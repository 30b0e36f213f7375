// The hyperparameters, one row each. Form, command line, schema, run name, recipe line, report, checkpoint digest and run.json follow from it.
import * as v from 'valibot'
import { formatCount, formatPlural } from './format'
import { activations, losses, optimizers, type Activation, type Loss, type Optimizer } from './model'
import { parseNumber, type Notation } from './parse-number'
import { dashHint, nameHint, oneOf } from './spelling'

/** What decides a model's training beside data set and seed. */
export interface Hyperparameters {
  latentDim: number
  /** Units of the encoder's layers before the code, outermost first; the decoder has them the other way round. */
  hidden: number[]
  activation: Activation
  optimizer: Optimizer
  learningRate: number
  loss: Loss
  batchSize: number
  epochs: number
  /** The first so many training images are used. */
  trainLimit: number
}
export type HyperparameterKey = keyof Hyperparameters
export type HyperparameterValue = Hyperparameters[HyperparameterKey]

export interface Hyperparameter<Value = HyperparameterValue> {
  /** As a form and a report name it. */
  label: string
  /** As a model's name has it: `d` of `d = 16`. */
  symbol: string
  /** Several of its values: `learning rates`. */
  plural: string
  flag: string
  /** For the command line's help. */
  description: string
  /** What may be given, in words. */
  expected: string
  /** The names that may be given, where it is one of several. */
  choices?: readonly Extract<Value, string>[]
  /** How its values are written, where each is one number. */
  notation?: Notation
  /** How to write what was typed in another way, as `spellingHint` of one number; empty where nothing better is known. */
  spelling?(text: string): string
  schema: v.GenericSchema<unknown, Value>
  /** What a text means, to be checked by the schema. */
  parse(text: string): unknown
  /** The spelling of ids and the command line. */
  format(value: Value): string
  /** What an experiment's name says where the value differs from its preset. */
  inName(value: Value): string
  /**
   * shape: the layers, so the weights to begin with as well; update: what a step does to them; batches: which images a step sees;
   * length: only how long it goes on, so that a checkpoint fits whatever its value.
   */
  affects: 'shape' | 'update' | 'batches' | 'length'
  /** The axis that its values stand on where it is varied; null: it can't be varied. */
  axis: 'log' | 'linear' | 'category' | null
}

const MOST_HIDDEN_LAYERS = 4
export const MOST_UNITS = 4096
export const MOST_EPOCHS = 1000

/** As schemas' messages are written; issue.ts takes them apart. */
export const refusal = (name: string, expected: string) => `${name}: expected ${expected}`

const isWhole = (x: unknown, from: number, to: number): x is number =>
  Number.isInteger(x) && Number(x) >= from && Number(x) <= to

/** A schema of what `is` accepts. */
function accepting<Value>(
  name: string,
  expected: string,
  is: (value: unknown) => boolean
): v.GenericSchema<unknown, Value> {
  return v.custom<Value>(is, refusal(name, expected))
}

const parseWhole = (text: string) => parseNumber(text, 'whole')

/** The rest of a row that holds a whole number. */
function whole(
  name: string,
  from: number,
  to: number,
  expected = `a whole number from ${formatCount(from)} to ${formatCount(to)}`
) {
  const schema = accepting<number>(name, expected, (x) => isWhole(x, from, to))
  return { expected, schema, notation: 'whole' as const, parse: parseWhole, format: String }
}

/** The rest of a row that holds one of several names. */
function choice<Name extends string>(name: string, names: readonly Name[]) {
  const expected = oneOf(names)
  const schema = accepting<Name>(name, expected, (x) => names.includes(x as Name))
  const spelling = (text: string) => nameHint(names, text)
  const parse = (text: string) => text.trim()
  return { expected, choices: names, schema, spelling, parse, format: (value: Name) => value }
}

const unitsExpected = `up to ${MOST_HIDDEN_LAYERS} whole numbers from 1 to ${formatCount(MOST_UNITS)} with dashes between, or none`
const rateExpected = 'a number above 0 and up to 100'

export const hyperparameters: { [Key in HyperparameterKey]: Hyperparameter<Hyperparameters[Key]> } = {
  latentDim: {
    label: 'Latent dimension',
    symbol: 'd',
    plural: 'dimensions',
    flag: '--dims',
    description: 'latent dimensions',
    ...whole('latent dimension', 1, MOST_UNITS, 'a whole number from 1 to the number of pixels'),
    affects: 'shape',
    axis: 'log',
    inName: (value) => `d = ${value}`
  },
  hidden: {
    label: 'Hidden layers',
    symbol: 'hidden',
    plural: 'sets of hidden layers',
    flag: '--hidden',
    description: 'units of the layers between pixels and code, outermost first',
    expected: unitsExpected,
    schema: accepting<number[]>(
      'hidden layers',
      unitsExpected,
      (x) => Array.isArray(x) && x.length <= MOST_HIDDEN_LAYERS && x.every((units) => isWhole(units, 1, MOST_UNITS))
    ),
    spelling: dashHint,
    parse: (text) => (text.trim() === 'none' ? [] : text.split('-').map(parseWhole)),
    format: (units) => units.join('-') || 'none',
    affects: 'shape',
    axis: 'category',
    inName: (units) => (units.length === 0 ? 'no hidden layer' : `hidden ${units.join('-')}`)
  },
  activation: {
    label: 'Activation',
    symbol: 'activation',
    plural: 'activations',
    flag: '--activation',
    description: 'activation of all layers but the last',
    ...choice('activation', activations),
    affects: 'update',
    axis: 'category',
    inName: (value) => value
  },
  optimizer: {
    label: 'Optimizer',
    symbol: 'optimizer',
    plural: 'optimizers',
    flag: '--optimizer',
    description: 'what makes steps of gradients',
    ...choice('optimizer', Object.keys(optimizers) as Optimizer[]),
    affects: 'update',
    axis: 'category',
    inName: (value) => optimizers[value].label
  },
  learningRate: {
    label: 'Learning rate',
    symbol: 'learning rate',
    plural: 'learning rates',
    flag: '--learning-rate',
    description: "the optimizer's learning rate",
    expected: rateExpected,
    schema: accepting<number>('learning rate', rateExpected, (x) => typeof x === 'number' && x > 0 && x <= 100),
    notation: 'decimal',
    parse: (text) => parseNumber(text, 'decimal'),
    format: String,
    affects: 'update',
    axis: 'log',
    inName: (value) => `rate ${value}`
  },
  loss: {
    label: 'Loss',
    symbol: 'loss',
    plural: 'losses',
    flag: '--loss',
    description: 'what training makes small: binary cross-entropy or mean squared error',
    ...choice('loss', losses),
    affects: 'update',
    axis: 'category',
    inName: (value) => `${value.toUpperCase()} loss`
  },
  batchSize: {
    label: 'Batch size',
    symbol: 'batch size',
    plural: 'batch sizes',
    flag: '--batch-size',
    description: 'images a batch',
    ...whole('batch size', 1, 2 ** 31 - 1, 'a whole number from 1 to the number of training images'),
    affects: 'batches',
    axis: 'log',
    inName: (value) => `batch ${formatCount(value)}`
  },
  epochs: {
    label: 'Epochs',
    symbol: 'epochs',
    plural: 'numbers of epochs',
    flag: '--epochs',
    description: 'passes over the training images',
    ...whole('epochs', 1, MOST_EPOCHS),
    affects: 'length',
    axis: 'log',
    inName: (value) => formatPlural(value, 'epoch')
  },
  trainLimit: {
    label: 'Training images',
    symbol: 'training images',
    plural: 'numbers of training images',
    flag: '--train-limit',
    description: 'train on the first so many images',
    ...whole('training images', 1, 2 ** 31 - 1, 'a whole number from 1 to the number of training images'),
    affects: 'batches',
    axis: null,
    inName: (value) => formatPlural(value, 'image')
  }
}

export const hyperparameterKeys = Object.keys(hyperparameters) as HyperparameterKey[]

/** Those that an experiment can vary. */
export const variableKeys = hyperparameterKeys.filter((key) => hyperparameters[key].axis !== null)

/** Whether its values have an order, which their colours then show. */
export function isOrdered(key: HyperparameterKey): boolean {
  return hyperparameters[key].axis !== 'category'
}

/** The row of `key` for a value whose type is only known to be that of some row. */
export function rowOf(key: HyperparameterKey): Hyperparameter {
  return hyperparameters[key] as unknown as Hyperparameter
}

/** `5000`, `0.001`, `128-64`: a value as ids and the command line spell it. */
export function formatValue(key: HyperparameterKey, value: HyperparameterValue): string {
  return rowOf(key).format(value)
}

/** `5,000`, `0.001`, `128-64`: a value as people read it. */
export function displayValue(key: HyperparameterKey, value: HyperparameterValue): string {
  return Number.isInteger(value) ? formatCount(value as number) : formatValue(key, value)
}

/** The key that a user means by it or by its flag without dashes: `learningRate`, `learning-rate`; undefined where there is none. */
export function keyOf(text: string): HyperparameterKey | undefined {
  return hyperparameterKeys.find((key) => key === text || hyperparameters[key].flag.slice(2) === text)
}

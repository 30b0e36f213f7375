// An experiment as data: data set, the hyperparameters that stay, the one that varies, seeds; and the models that follow from it.
import * as v from 'valibot'
import activationPreset from '../../resources/presets/activation.json'
import articlePreset from '../../resources/presets/article.json'
import depthPreset from '../../resources/presets/depth.json'
import kerasBlogPreset from '../../resources/presets/keras-blog.json'
import learningRatePreset from '../../resources/presets/learning-rate.json'
import { formatCount } from './format'
import {
  displayValue,
  formatValue,
  hyperparameterKeys,
  hyperparameters,
  refusal,
  rowOf,
  variableKeys,
  type HyperparameterKey,
  type Hyperparameters,
  type HyperparameterValue
} from './hyperparameters'
import type { LayerConfig, Loss, ModelConfig } from './model'
import { plainText } from './plain-text'
import { oneOf } from './spelling'

export const MOST_MODELS = 128
export const MOST_SEEDS = 64
const LARGEST_SEED = 2 ** 32 - 1

const shippedPresets = ['article', 'keras-blog', 'activation', 'depth', 'learning-rate'] as const
/** Of an experiment: that of the preset whose recipe it has. */
export const presetNames = [...shippedPresets, 'custom'] as const

/** Of a name, in UTF-16 units. */
export const LONGEST_NAME = 80

/** The allowed values of what is no hyperparameter, in words; the form, the command line and the schema share them. */
export const allowed = {
  name: `1 to ${LONGEST_NAME} characters`,
  preset: oneOf(presetNames),
  dataset: 'the name of a data set',
  seed: 'a whole number from 0 to 4,294,967,295',
  seeds: `1 to ${MOST_SEEDS} whole numbers in a row from 0 to 4,294,967,295`,
  values: `1 to ${MOST_MODELS} different values`,
  varied: 'a hyperparameter and its values',
  base: 'a value of each hyperparameter that is not varied',
  key: oneOf(variableKeys)
} as const

const custom = <Value>(name: keyof typeof allowed, label: string, is: (x: unknown) => boolean) =>
  v.custom<Value>(is, refusal(label, allowed[name]))

const nameRefusal = refusal('name', allowed.name)
const datasetRefusal = refusal('data set', allowed.dataset)

/** A name on one line, without control characters: it reaches terminals, titles and names of files. */
export const NameSchema = v.pipe(
  v.string(nameRefusal),
  v.trim(),
  v.transform(plainText),
  v.minLength(1, nameRefusal),
  v.maxLength(LONGEST_NAME, nameRefusal)
)

const isSeed = (x: unknown) => Number.isInteger(x) && (x as number) >= 0 && (x as number) <= LARGEST_SEED

/** One seed, as the form and the command line take it. */
export const SeedSchema = custom<number>('seed', 'seed', isSeed)

const SeedsSchema = custom<number[]>(
  'seeds',
  'seeds',
  (x) =>
    Array.isArray(x) &&
    x.length >= 1 &&
    x.length <= MOST_SEEDS &&
    x.every((seed, n) => isSeed(seed) && seed === x[0] + n)
)

const optionalRows = Object.fromEntries(hyperparameterKeys.map((key) => [key, v.optional(rowOf(key).schema)]))
const BaseSchema = v.strictObject(optionalRows) as unknown as v.GenericSchema<unknown, Partial<Hyperparameters>>

const tooManyModels = refusal('models', `at most ${MOST_MODELS}, values × seeds`)

const VariedSchema = v.pipe(
  v.strictObject({
    key: v.picklist(variableKeys, refusal('varied hyperparameter', allowed.key)),
    values: custom<HyperparameterValue[]>('values', 'values', (x) => Array.isArray(x) && x.length <= MOST_MODELS)
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { key, values } = dataset.value
    const refuse = (value: unknown, message: string) =>
      addIssue({ message, path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'values', value }] })
    if (values.length > MOST_MODELS) return refuse(values.length, tooManyModels)
    const { schema, label, expected } = rowOf(key)
    const wrong = values.filter((value) => !v.is(schema, value))
    if (wrong.length > 0) return refuse(wrong[0], refusal(label.toLowerCase(), expected))
    const spelled = new Set(values.map((value) => formatValue(key, value)))
    if (values.length === 0 || spelled.size < values.length) refuse(values, refusal('values', allowed.values))
  })
)

export const ExperimentSchema = v.pipe(
  v.strictObject({
    name: NameSchema,
    preset: v.picklist(presetNames, refusal('preset', allowed.preset)),
    dataset: v.pipe(v.string(datasetRefusal), v.minLength(1, datasetRefusal), v.maxLength(64, datasetRefusal)),
    /** The hyperparameters that stay: all but the varied one. */
    base: BaseSchema,
    varied: VariedSchema,
    /** Each value of the varied hyperparameter is trained once with each of these. */
    seeds: SeedsSchema
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { base, varied, seeds } = dataset.value
    const refuse = (key: string, value: unknown, message: string) =>
      addIssue({ message, path: [{ type: 'object', origin: 'value', input: dataset.value, key, value }] })
    if (base[varied.key] !== undefined) {
      return refuse(
        'base',
        base[varied.key],
        refusal(hyperparameters[varied.key].label.toLowerCase(), 'no value beside the varied ones')
      )
    }
    const missing = hyperparameterKeys.find((key) => key !== varied.key && base[key] === undefined)
    if (missing) {
      const { label, expected } = hyperparameters[missing]
      return refuse('base', undefined, refusal(label.toLowerCase(), expected))
    }
    const models = varied.values.length * seeds.length
    if (models > MOST_MODELS) return refuse('values', models, tooManyModels)
    const { trainLimit } = base as Hyperparameters // never varied
    const batchSizes = varied.key === 'batchSize' ? (varied.values as number[]) : [(base as Hyperparameters).batchSize]
    for (const batchSize of batchSizes) {
      if (batchSize <= trainLimit) continue
      const expected = `a whole number from 1 to ${formatCount(trainLimit)}, the number of training images`
      return refuse('batchSize', batchSize, refusal('batch size', expected))
    }
  })
)
export type Experiment = v.InferOutput<typeof ExperimentSchema>

/** The recipes the application ships, the article's first; `resources/presets/*.json` hold them. */
export const presets: Record<(typeof shippedPresets)[number], Experiment> = {
  article: v.parse(ExperimentSchema, articlePreset),
  'keras-blog': v.parse(ExperimentSchema, kerasBlogPreset),
  activation: v.parse(ExperimentSchema, activationPreset),
  depth: v.parse(ExperimentSchema, depthPreset),
  'learning-rate': v.parse(ExperimentSchema, learningRatePreset)
}

/** The values of the varied hyperparameter in the order of models everywhere: numbers from the least, others as they were given. */
export function valuesOf({ varied }: Pick<Experiment, 'varied'>): HyperparameterValue[] {
  const { values } = varied
  const numbers = values.filter((value): value is number => typeof value === 'number')
  return numbers.length === values.length ? numbers.sort((a, b) => a - b) : [...values]
}

/** All hyperparameters of the models that have this value of the varied one. */
export function hyperparametersAt({ base, varied }: Experiment, value: HyperparameterValue): Hyperparameters {
  return { ...base, [varied.key]: value } as Hyperparameters
}

/** The activation of the models of each value, in the order of ranks. */
export function activationsOf(experiment: Experiment): Hyperparameters['activation'][] {
  return valuesOf(experiment).map((value) => hyperparametersAt(experiment, value).activation)
}

/** `d = 16`, `batch size = 5,000`: what a value of the varied hyperparameter is called. */
export function valueLabel(key: HyperparameterKey, value: HyperparameterValue): string {
  return `${hyperparameters[key].symbol} = ${displayValue(key, value)}`
}

/**
 * The models of an experiment on images of `pixels` pixels: for each value of the varied hyperparameter one a seed. Those that differ
 * in nothing that changes their layers begin with the same weights.
 */
export function modelsOf(experiment: Experiment, pixels: number): ModelConfig[] {
  const { varied, seeds } = experiment
  return valuesOf(experiment).flatMap((value, rank) => {
    const { latentDim, hidden, activation, ...rest } = hyperparametersAt(experiment, value)
    const { optimizer, learningRate, loss, batchSize, epochs } = rest
    const shared = {
      label: valueLabel(varied.key, value),
      rank,
      value: typeof value === 'number' ? value : formatValue(varied.key, value),
      optimizer,
      learningRate,
      loss,
      batchSize,
      epochs
    }
    const initKey = hidden.length === 0 ? `d=${latentDim}` : [...hidden, latentDim].join('-')
    const layers = layersOf([...hidden, latentDim], activation, pixels)
    return seeds.map((seed) => ({
      id: modelId(experiment, value, seed),
      ...shared,
      layers,
      seed,
      initKey
    }))
  })
}

/** The ids of the models of an experiment, in their order. */
export function modelIdsOf(experiment: Experiment): string[] {
  return valuesOf(experiment).flatMap((value) => experiment.seeds.map((seed) => modelId(experiment, value, seed)))
}

/** `d=2` with one seed, `d=2.seed=7` with several. */
function modelId({ varied, seeds }: Experiment, value: HyperparameterValue, seed: number): string {
  const name = `${hyperparameters[varied.key].symbol.replace(' ', '-')}=${formatValue(varied.key, value)}`
  return seeds.length === 1 ? name : `${name}.seed=${seed}`
}

/** `d=2` of a model's id, the same with every seed. */
export function nameOfModel(id: string): string {
  return id.replace(/\.seed=\d+$/, '')
}

/** The encoder's layers and the decoder's, which has the same units the other way round. */
function layersOf(encoder: number[], activation: LayerConfig['activation'], pixels: number): LayerConfig[] {
  const mirrored = encoder.slice(0, -1).reverse()
  return [
    ...[...encoder, ...mirrored].map((units) => ({ units, activation })),
    { units: pixels, activation: 'sigmoid' }
  ]
}

/** Epochs of the longest training. */
export function epochsOf({ base, varied }: Experiment): number {
  return varied.key === 'epochs' ? Math.max(...(varied.values as number[])) : (base.epochs as number)
}

/** Training images that the experiment uses. */
export function trainImages({ base }: Experiment): number {
  return base.trainLimit as number
}

/** The loss by which models are compared: the one that all train with, BCE where the loss itself is varied. */
export function lossOf({ base }: Experiment): Loss {
  return base.loss ?? 'bce'
}

/** Units of the code in the models of each series, in the order of their ranks. */
export function codeSizes(experiment: Experiment): number[] {
  return valuesOf(experiment).map((value) => hyperparametersAt(experiment, value).latentDim)
}

// An experiment as data: data set, the hyperparameters that stay, the one that varies, seeds; and the models that follow from it.
import * as v from 'valibot'
import articlePreset from '../../resources/presets/article.json'
import kerasBlogPreset from '../../resources/presets/keras-blog.json'
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

export const MOST_MODELS = 128
export const MOST_SEEDS = 64
const LARGEST_SEED = 2 ** 32 - 1

const presetNames = ['article', 'keras-blog', 'custom'] as const

/** The allowed values of what is no hyperparameter, in words; the form, the command line and the schema share them. */
export const allowed = {
  name: '1 to 80 characters',
  preset: presetNames.join(', '),
  dataset: 'the name of a data set',
  seed: 'a whole number from 0 to 4,294,967,295',
  seeds: `1 to ${MOST_SEEDS} whole numbers in a row from 0 to 4,294,967,295`,
  values: `1 to ${MOST_MODELS} different values`,
  varied: 'a hyperparameter and its values',
  base: 'a value of each hyperparameter that is not varied',
  key: variableKeys.join(', ')
} as const

const custom = <Value>(name: keyof typeof allowed, label: string, is: (x: unknown) => boolean) =>
  v.custom<Value>(is, refusal(label, allowed[name]))

const nameRefusal = refusal('name', allowed.name)
const datasetRefusal = refusal('data set', allowed.dataset)

export const NameSchema = v.pipe(
  v.string(nameRefusal),
  v.trim(),
  v.minLength(1, nameRefusal),
  v.maxLength(80, nameRefusal)
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

const VariedSchema = v.pipe(
  v.strictObject({
    key: v.picklist(variableKeys, refusal('varied hyperparameter', allowed.key)),
    values: custom<HyperparameterValue[]>('values', 'values', Array.isArray)
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { key, values } = dataset.value
    const refuse = (value: unknown, message: string) =>
      addIssue({ message, path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'values', value }] })
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
    if (models > MOST_MODELS)
      return refuse('values', models, refusal('models', `at most ${MOST_MODELS}, values × seeds`))
    for (const value of varied.values) {
      const { batchSize, trainLimit } = { ...base, [varied.key]: value } as Hyperparameters
      if (batchSize > trainLimit)
        return refuse('batchSize', batchSize, refusal('batch size', hyperparameters.batchSize.expected))
    }
  })
)
export type Experiment = v.InferOutput<typeof ExperimentSchema>

/** The two recipes the application ships; `resources/presets/*.json` hold them. */
export const presets: Record<'article' | 'keras-blog', Experiment> = {
  article: v.parse(ExperimentSchema, articlePreset),
  'keras-blog': v.parse(ExperimentSchema, kerasBlogPreset)
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
    const name = `${hyperparameters[varied.key].symbol.replace(' ', '-')}=${formatValue(varied.key, value)}`
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
      id: seeds.length === 1 ? name : `${name}.seed=${seed}`,
      ...shared,
      layers,
      seed,
      initKey
    }))
  })
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
export function epochsOf(experiment: Experiment): number {
  return Math.max(...valuesOf(experiment).map((value) => hyperparametersAt(experiment, value).epochs))
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

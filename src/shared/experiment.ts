// An experiment: the dataset, the hyperparameters that stay and the one that varies. Data, no behaviour.
import * as v from 'valibot'
import articlePreset from '../../resources/presets/article.json'
import kerasBlogPreset from '../../resources/presets/keras-blog.json'

/** Pixels of an MNIST digit: 28 × 28, each one input and one output of every model. */
export const PIXELS = 784
export const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const
export const engineNames = ['onnxruntime', 'tensorflow'] as const

/** Adam as Keras has it: ε is added outside the bias correction (Kingma & Ba 2015, end of section 2). */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

const presetNames = ['article', 'keras-blog', 'custom'] as const
const datasets = ['mnist'] as const

/** The allowed values of each part of an experiment, in words; the form, the command line and the schema share them. */
export const allowed = {
  latentDim: 'a whole number from 1 to 784',
  latentDims: '1 to 12 different whole numbers from 1 to 784',
  epochs: 'a whole number from 1 to 1,000',
  batchSize: 'a whole number from 1 to the number of training images',
  learningRate: 'a number above 0 and up to 100',
  seed: 'a whole number from 0 to 4,294,967,295',
  trainLimit: 'a whole number from 1 to 60,000',
  activation: activations.join(', '),
  name: '1 to 80 characters',
  preset: presetNames.join(', '),
  dataset: datasets.join(', '),
  engine: engineNames.join(', ')
} as const

/** As the schema's messages are written; issue.ts takes them apart. */
const refusal = (name: string, key: keyof typeof allowed) => `${name}: expected ${allowed[key]}`

const whole = (message: string, from: number, to: number) =>
  v.pipe(
    v.number(message),
    v.check((x) => Number.isInteger(x) && x >= from && x <= to, message)
  )

const dimsRefusal = refusal('latent dimensions', 'latentDims')
const latentDims = v.pipe(
  v.array(whole(refusal('latent dimension', 'latentDim'), 1, PIXELS), dimsRefusal),
  v.minLength(1, dimsRefusal),
  v.maxLength(12, dimsRefusal),
  v.check((values) => new Set(values).size === values.length, dimsRefusal)
)

const nameRefusal = refusal('name', 'name')
const rateRefusal = refusal('learning rate', 'learningRate')
const batchRefusal = refusal('batch size', 'batchSize')

export const ExperimentSchema = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(nameRefusal), v.trim(), v.minLength(1, nameRefusal), v.maxLength(80, nameRefusal)),
    preset: v.picklist(presetNames, refusal('preset', 'preset')),
    dataset: v.picklist(datasets, refusal('dataset', 'dataset')),
    /** The first so many training images are used. */
    trainLimit: whole(refusal('train limit', 'trainLimit'), 1, 60_000),
    varied: v.strictObject({ hyperparameter: v.literal('latentDim'), values: latentDims }),
    activation: v.picklist(activations, refusal('activation', 'activation')),
    epochs: whole(refusal('epochs', 'epochs'), 1, 1000),
    batchSize: whole(batchRefusal, 1, 60_000),
    learningRate: v.pipe(
      v.number(rateRefusal),
      v.check((x) => Number.isFinite(x) && x > 0 && x <= 100, rateRefusal)
    ),
    seed: whole(refusal('seed', 'seed'), 0, 4_294_967_295)
  }),
  v.forward(
    v.check((e) => e.batchSize <= e.trainLimit, batchRefusal),
    ['batchSize']
  )
)
export type Experiment = v.InferOutput<typeof ExperimentSchema>
export type Activation = Experiment['activation']
export type EngineName = (typeof engineNames)[number]

/** The two recipes the application ships; `resources/presets/*.json` hold them. */
export const presets: Record<'article' | 'keras-blog', Experiment> = {
  article: v.parse(ExperimentSchema, articlePreset),
  'keras-blog': v.parse(ExperimentSchema, kerasBlogPreset)
}

/** The six widths (or whatever the user chose), narrowest first: the order of models everywhere. */
export function latentDimsOf({ varied }: Pick<Experiment, 'varied'>): number[] {
  return [...varied.values].sort((a, b) => a - b)
}

/** The name of a model: what is varied and its value. */
export function modelName(latentDim: number): string {
  return `d=${latentDim}`
}

/** Weights and biases of one model: 784·d + d in the encoder, d·784 + 784 in the decoder. */
export function parameterCount(latentDim: number): number {
  return 2 * PIXELS * latentDim + latentDim + PIXELS
}

/** Weights and biases of models of these widths together. */
export function totalParameterCount(latentDims: readonly number[]): number {
  return latentDims.reduce((sum, latentDim) => sum + parameterCount(latentDim), 0)
}

/** A code's size: each of its d numbers is a float32. */
export function codeBytes(latentDim: number): number {
  return 4 * latentDim
}

/** How many times smaller a code is than the digit's 784 bytes of pixels; below 1 it is larger. */
export function timesSmaller(latentDim: number): number {
  return PIXELS / codeBytes(latentDim)
}

/** Batches of one epoch; the last may be smaller and is trained too, as Keras does. */
export function stepsPerEpoch(experiment: Pick<Experiment, 'trainLimit' | 'batchSize'>): number {
  return Math.ceil(experiment.trainLimit / experiment.batchSize)
}

// An experiment: the dataset, the hyperparameters that stay and the one that varies. Data, no behaviour.
import * as v from 'valibot'
import articlePreset from '../../resources/presets/article.json'
import kerasBlogPreset from '../../resources/presets/keras-blog.json'

/** Pixels of an MNIST digit: 28 × 28, each one input and one output of every model. */
export const PIXELS = 784
export const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const
export const engineNames = ['onnxruntime'] as const

/** Adam as Keras has it: ε is added outside the bias correction (Kingma & Ba 2015, end of section 2). */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

const whole = (name: string, from: number, to: number) => {
  const range = `a whole number from ${from.toLocaleString('en-US')} to ${to.toLocaleString('en-US')}`
  return v.pipe(
    v.number(`${name}: expected ${range}`),
    v.check((x) => Number.isInteger(x) && x >= from && x <= to, `${name}: expected ${range}`)
  )
}

/** The allowed values of each hyperparameter, in words; the form, the command line and the schema share them. */
export const allowed = {
  latentDim: 'a whole number from 1 to 784',
  latentDims: '1 to 12 different whole numbers from 1 to 784',
  epochs: 'a whole number from 1 to 1,000',
  batchSize: 'a whole number from 1 to the number of training images',
  learningRate: 'a number above 0 and up to 100',
  seed: 'a whole number from 0 to 4,294,967,295',
  trainLimit: 'a whole number from 1 to 60,000',
  activation: activations.join(', '),
  name: '1 to 80 characters'
} as const

const latentDims = v.pipe(
  v.array(whole('latent dimension', 1, PIXELS)),
  v.minLength(1, `latent dimensions: expected ${allowed.latentDims}`),
  v.maxLength(12, `latent dimensions: expected ${allowed.latentDims}`),
  v.check((values) => new Set(values).size === values.length, `latent dimensions: expected ${allowed.latentDims}`)
)

export const ExperimentSchema = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
    preset: v.picklist(['article', 'keras-blog', 'custom']),
    dataset: v.picklist(['mnist']),
    /** The first so many training images are used. */
    trainLimit: whole('train limit', 1, 60_000),
    varied: v.strictObject({ hyperparameter: v.literal('latentDim'), values: latentDims }),
    activation: v.picklist(activations),
    epochs: whole('epochs', 1, 1000),
    batchSize: whole('batch size', 1, 60_000),
    learningRate: v.pipe(
      v.number(`learning rate: expected ${allowed.learningRate}`),
      v.check((x) => Number.isFinite(x) && x > 0 && x <= 100, `learning rate: expected ${allowed.learningRate}`)
    ),
    seed: whole('seed', 0, 4_294_967_295)
  }),
  v.forward(
    v.check((e) => e.batchSize <= e.trainLimit, `batch size: expected ${allowed.batchSize}`),
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
export function latentDimsOf(experiment: Experiment): number[] {
  return [...experiment.varied.values].sort((a, b) => a - b)
}

/** Weights and biases of one model: 784·d + d in the encoder, d·784 + 784 in the decoder. */
export function parameterCount(latentDim: number): number {
  return 2 * PIXELS * latentDim + latentDim + PIXELS
}

/** Batches of one epoch; the last may be smaller and is trained too, as Keras does. */
export function stepsPerEpoch(experiment: Pick<Experiment, 'trainLimit' | 'batchSize'>): number {
  return Math.ceil(experiment.trainLimit / experiment.batchSize)
}

// What the run was trained with: the layers as a chain, then the other hyperparameters as their rows say, and the command that repeats it.
import { presentDevice } from '@shared/devices'
import { hyperparametersAt, modelsOf, trainImages, valuesOf } from '@shared/experiment'
import { formatCount } from '@shared/format'
import {
  displayValue,
  hyperparameterKeys,
  hyperparameters,
  type HyperparameterKey,
  type HyperparameterValue
} from '@shared/hyperparameters'
import type { Loss, ModelConfig, Optimizer } from '@shared/model'
import { optimizerText } from '@shared/optimizer-text'
import type { RunFile } from '@shared/run'
import { fullRunCommand } from '@shared/command-line'
import type { Entry } from './document'

export const lossNames: Record<Loss, string> = { bce: 'binary cross-entropy', mse: 'mean squared error' }
const optimizerSources: Record<Optimizer, string> = {
  adam: 'Kingma & Ba 2015, ε outside the bias correction',
  adamw: 'Loshchilov & Hutter 2019, of weights and biases, times the learning rate',
  rmsprop: 'Tieleman & Hinton 2012, ε within the root',
  sgd: 'Polyak 1964',
  adagrad: 'Duchi, Hazan & Singer 2011, ε within the root'
}

/** `program` is how commands of the application are started. */
export function recipe(file: RunFile, program: string): Entry[] {
  const { experiment } = file
  const others = hyperparameterKeys.filter((key) => !isInChain(key))
  return [
    ['Model', chain(file)],
    ...others.map((key): Entry => [hyperparameters[key].label, valuesText(file, key)]),
    [experiment.seeds.length > 1 ? 'Seeds' : 'Seed', seedsText(experiment.seeds)],
    ['To repeat it', fullRunCommand({ experiment, device: presentDevice(file.device) }, program)],
    ...(file.segments.length > 1 ? [inOnePart] : [])
  ]
}

/** What the command to repeat a run of several segments does. */
const inOnePart: Entry = ['', 'It trains in one part what this run trained in several: the figures agree to rounding.']

const isInChain = (key: HyperparameterKey) => hyperparameters[key].affects === 'shape' || key === 'activation'

/** `784 pixels → Dense(d, relu) → Dense(784, sigmoid), d = 2, 8`: what differs between the models has its symbol. */
function chain({ experiment, dataset }: RunFile): string {
  const pixels = dataset.rows * dataset.columns
  const { varied, seeds } = experiment
  const models = modelsOf(experiment, pixels).filter(({ seed }) => seed === seeds[0])
  const { symbol } = hyperparameters[varied.key]
  const values = valuesOf(experiment).map((value) => displayValue(varied.key, value))
  const lengths = new Set(models.map(({ layers }) => layers.length))
  if (lengths.size > 1)
    return models.map((model, rank) => `${values[rank]}: ${chainOf([model], pixels, '')}`).join('; ')
  const text = chainOf(models, pixels, symbol)
  return isInChain(varied.key) ? `${text}, ${symbol} = ${values.join(', ')}` : text
}

function chainOf(models: readonly ModelConfig[], pixels: number, symbol: string): string {
  const [first] = models
  const layers = (first?.layers ?? []).map((_, index) => {
    const same = (part: 'units' | 'activation') => {
      const found = new Set(models.map(({ layers }) => layers[index]?.[part]))
      return found.size > 1 ? symbol : String([...found][0])
    }
    return `Dense(${same('units')}, ${same('activation')})`
  })
  return [`${pixels} pixels`, ...layers].join(' → ')
}

/** The value, or all of them where it is varied, with what a reader has to know to repeat it. */
function valuesText(file: RunFile, key: HyperparameterKey): string {
  const { base, varied } = file.experiment
  const values = key === varied.key ? valuesOf(file.experiment) : [base[key] as HyperparameterValue]
  return `${values.map((value) => describe(key, value)).join(', ')}${note(file, key)}`
}

function describe(key: HyperparameterKey, value: HyperparameterValue): string {
  if (key === 'optimizer') return `${optimizerText(value as Optimizer)} (${optimizerSources[value as Optimizer]})`
  return key === 'loss' ? lossNames[value as Loss] : displayValue(key, value)
}

function note(file: RunFile, key: HyperparameterKey): string {
  const { trainCount, testCount } = file.dataset
  const used =
    trainImages(file.experiment) < trainCount ? `, the first of ${formatCount(trainCount)}` : ', all there are'
  const notes: Partial<Record<HyperparameterKey, string>> = {
    loss: ', mean over pixels and images',
    batchSize: ` images, reshuffled each epoch${hasSmallerBatch(file) ? ', a smaller last batch included' : ''}`,
    epochs: `; ${stepsText(file)} steps each`,
    trainLimit: `${used}, pixels divided by 255; validation on all ${formatCount(testCount)} test images after every epoch`
  }
  return notes[key] ?? ''
}

function batchSizes({ experiment }: RunFile): number[] {
  return [...new Set(valuesOf(experiment).map((value) => hyperparametersAt(experiment, value).batchSize))]
}

function hasSmallerBatch(file: RunFile): boolean {
  return batchSizes(file).some((size) => trainImages(file.experiment) % size > 0)
}

function stepsText(file: RunFile): string {
  return batchSizes(file)
    .map((size) => formatCount(Math.ceil(trainImages(file.experiment) / size)))
    .join(', ')
}

function seedsText(seeds: readonly number[]): string {
  const each = seeds.length > 1 ? `${seeds.join(', ')}: each` : `${seeds[0]}:`
  return `${each} decides the images’ order and the first weights (uniform after Glorot & Bengio 2010, biases zero)`
}

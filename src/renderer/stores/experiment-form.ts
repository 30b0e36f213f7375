// What the form of a new experiment knows: how typed text becomes an experiment, and what to say where it can't.
import { allowed, latentDimsOf, presets, PIXELS, type Activation, type Experiment } from '@shared/experiment'
import { suggestedName as nameAfter } from '@shared/experiment-name'
import { parseNumber } from '@shared/parse-number'

export type PresetName = keyof typeof presets

/** The form as it is typed: text, not numbers, so that nothing is lost while it is wrong. */
export interface FormValues {
  /** Null: the name follows the other values. */
  name: string | null
  latentDims: number[]
  /** What stands in the field for one more dimension. */
  addedDim: string
  activation: Activation
  epochs: string
  batchSize: string
  learningRate: string
  seed: string
  trainLimit: string
}

/** Fields that can be wrong, in the order they stand in the form. */
export const checkedFields = [
  'name',
  'latentDims',
  'epochs',
  'batchSize',
  'learningRate',
  'seed',
  'trainLimit'
] as const
export type CheckedField = (typeof checkedFields)[number]
export type FormProblems = Partial<Record<CheckedField, string>>

export const fieldLabels: Record<CheckedField, string> = {
  name: 'name',
  latentDims: 'latent dimension',
  epochs: 'epochs',
  batchSize: 'batch size',
  learningRate: 'learning rate',
  seed: 'seed',
  trainLimit: 'training images'
}

/** The values of an experiment as text. A preset's own name is left to follow the values. */
export function toForm(experiment: Experiment, name: string | null): FormValues {
  return {
    name,
    latentDims: latentDimsOf(experiment),
    addedDim: '',
    activation: experiment.activation,
    epochs: String(experiment.epochs),
    batchSize: experiment.batchSize.toLocaleString('en-US'),
    learningRate: String(experiment.learningRate),
    seed: String(experiment.seed),
    trainLimit: experiment.trainLimit.toLocaleString('en-US')
  }
}

/** What stands against adding this text as a latent dimension, or null. */
export function problemOfDim(text: string, latentDims: readonly number[]): string | null {
  const value = parseNumber(text)
  if (Number.isInteger(value) && value > PIXELS) {
    return `${text.trim()} is wider than the digit itself. Give ${allowed.latentDim}.`
  }
  const problem = problemOfWhole(text, 1, PIXELS, allowed.latentDim)
  if (problem) return problem
  if (latentDims.includes(value)) return `${value} is there already. Give ${allowed.latentDims}.`
  return latentDims.length >= 12 ? `Twelve models are the most. Give ${allowed.latentDims}.` : null
}

/** Every field that can't be used, with the sentence to show under it. */
export function problemsOf(form: FormValues, name: string): FormProblems {
  const trainLimit = parseNumber(form.trainLimit)
  const found: Record<CheckedField, string | null> = {
    name: name.trim() && name.trim().length <= 80 ? null : `Give a name of ${allowed.name}.`,
    latentDims: problemOfDims(form),
    epochs: problemOfWhole(form.epochs, 1, 1000, allowed.epochs),
    batchSize: problemOfBatchSize(form.batchSize, trainLimit),
    learningRate: problemOfLearningRate(form.learningRate),
    seed: problemOfWhole(form.seed, 0, 4_294_967_295, allowed.seed),
    trainLimit: problemOfWhole(form.trainLimit, 1, 60_000, allowed.trainLimit)
  }
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null)) as FormProblems
}

function problemOfDims({ latentDims, addedDim }: FormValues): string | null {
  if (addedDim.trim()) return problemOfDim(addedDim, latentDims)
  return latentDims.length === 0 ? `No dimension is left. Give ${allowed.latentDims}.` : null
}

function problemOfBatchSize(text: string, trainLimit: number): string | null {
  const problem = problemOfWhole(text, 1, 60_000, allowed.batchSize)
  if (problem || !(parseNumber(text) > trainLimit)) return problem
  return `${text.trim()} is more than there are images to train on. Give ${allowed.batchSize}.`
}

function problemOfLearningRate(text: string): string | null {
  const value = parseNumber(text)
  if (Number.isNaN(value)) return notANumber(text, allowed.learningRate)
  return value > 0 && value <= 100 ? null : `${text.trim()} can’t be used. Give ${allowed.learningRate}.`
}

/** What stands against this text as a whole number in a range, which is also given in words, or null. */
export function problemOfWhole(text: string, from: number, to: number, range: string): string | null {
  const value = parseNumber(text)
  if (Number.isNaN(value)) return notANumber(text, range)
  if (!Number.isInteger(value)) return `${text.trim()} is not a whole number. Give ${range}.`
  return value >= from && value <= to ? null : `${text.trim()} can’t be used. Give ${range}.`
}

function notANumber(text: string, range: string): string {
  return text.trim() ? `“${text.trim()}” is not a number. Give ${range}.` : `Nothing is given. Give ${range}.`
}

/** The experiment that the form describes. Call it only where `problemsOf` finds nothing. */
export function toExperiment(form: FormValues, name: string, preset: Experiment['preset']): Experiment {
  const added = form.addedDim.trim() ? [parseNumber(form.addedDim)] : []
  return {
    name: name.trim(),
    preset,
    dataset: 'mnist',
    trainLimit: parseNumber(form.trainLimit),
    varied: { hyperparameter: 'latentDim', values: [...form.latentDims, ...added].sort((a, b) => a - b) },
    activation: form.activation,
    epochs: parseNumber(form.epochs),
    batchSize: parseNumber(form.batchSize),
    learningRate: parseNumber(form.learningRate),
    seed: parseNumber(form.seed)
  }
}

/** The preset whose recipe these values are; `custom` where one differs. Name and seed belong to no recipe. */
export function presetOf(form: FormValues): Experiment['preset'] {
  const names: PresetName[] = ['article', 'keras-blog']
  return names.find((name) => changesFrom(form, name).length === 0) ?? 'custom'
}

type RecipeField = 'latentDims' | 'activation' | 'epochs' | 'batchSize' | 'learningRate' | 'trainLimit'

/** The fields in which the form differs from a preset. */
export function changesFrom(form: FormValues, name: PresetName): RecipeField[] {
  const preset = presets[name]
  const same: Record<RecipeField, boolean> = {
    latentDims: form.latentDims.join() === latentDimsOf(preset).join(),
    activation: form.activation === preset.activation,
    epochs: parseNumber(form.epochs) === preset.epochs,
    batchSize: parseNumber(form.batchSize) === preset.batchSize,
    learningRate: parseNumber(form.learningRate) === preset.learningRate,
    trainLimit: parseNumber(form.trainLimit) === preset.trainLimit
  }
  return (Object.keys(same) as RecipeField[]).filter((field) => !same[field])
}

/** What the run is called while nothing is typed as its name; a value that is no number yet is left out. */
export function suggestedName(form: FormValues, base: PresetName): string {
  const preset = presets[base]
  const number = (field: 'epochs' | 'batchSize' | 'learningRate' | 'trainLimit') => {
    const typed = parseNumber(form[field])
    return Number.isNaN(typed) ? preset[field] : typed
  }
  const values = {
    latentDims: form.latentDims,
    activation: form.activation,
    epochs: number('epochs'),
    batchSize: number('batchSize'),
    learningRate: number('learningRate'),
    trainLimit: number('trainLimit')
  }
  return nameAfter(values, base)
}

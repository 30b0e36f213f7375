// What is compared: anything that does the work of a pass over training images and says how long it took.
import { presets, valuesOf } from '../src/shared/experiment'

/** The part of an experiment that decides a step; peers get it as it stands here. */
export interface Recipe {
  name: 'keras-blog' | 'article'
  latentDims: number[]
  activation: string
  batchSize: number
  learningRate: number
  seed: number
  /** Of an epoch. */
  images: number
  epochs: number
}

/** One pass over the first `images` training images, shuffled; the last batch may be smaller. */
export interface Work {
  recipe: Recipe
  images: number
  /** Ends with the loss over all test images. */
  validate: boolean
}

export interface Outcome {
  /** Of the training steps. */
  seconds: number
  /** Mean training loss of each model over the pass; none where only products are made. */
  losses: number[]
  /** Of the loss over all test images; null where there is none. */
  validationSeconds: number | null
}

/** In the order in which they are listed. `products` makes only the matrix products of the steps; the others train. */
export const contenderKinds = ['products', 'ours', 'variant', 'peer'] as const
export type ContenderKind = (typeof contenderKinds)[number]

export interface Contender {
  /** Its key in the results. Ours have the device's name; that of the processor, `cpu`, is what all are compared with. */
  name: string
  title: string
  kind: ContenderKind
  run(work: Work): Promise<Outcome>
  close(): Promise<void>
}

/** What could not be measured, and why, as a sentence. */
export interface Skipped {
  name: string
  title: string
  reason: string
}

/** The recipe of a preset: one seed, models that differ in their latent dimension. */
export function recipeOf(name: Recipe['name']): Recipe {
  const experiment = presets[name]
  const { activation, batchSize, learningRate, trainLimit, epochs } = experiment.base
  return {
    name,
    latentDims: valuesOf(experiment) as number[],
    activation,
    batchSize,
    learningRate,
    seed: experiment.seeds[0],
    images: trainLimit,
    epochs
  } as Recipe
}

/** Batches of a pass; the last may be smaller. */
export function stepsOf(images: number, { batchSize }: Pick<Recipe, 'batchSize'>): number {
  return Math.ceil(images / batchSize)
}

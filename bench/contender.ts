// What is compared: anything that does the work of a pass over training images and says how long it took.
import { latentDimsOf, type Experiment } from '../src/shared/experiment'

/** The part of an experiment that decides a step; peers get it as it stands here. */
export interface Recipe {
  latentDims: number[]
  activation: Experiment['activation']
  batchSize: number
  learningRate: number
  seed: number
}

/** One pass over the first `images` training images, shuffled; the last batch may be smaller. */
export interface Work {
  recipe: Recipe
  images: number
  /** Ends with the loss over all test images. */
  validate: boolean
}

/** How long the pass took, and the mean training loss of each model in it; none where only products are made. */
export interface Outcome {
  seconds: number
  losses: number[]
}

/** In the order in which they are listed. Both kinds of products make only the matrix products of the steps; the others train. */
export const contenderKinds = ['products', 'other products', 'ours', 'other layout', 'peer'] as const
export type ContenderKind = (typeof contenderKinds)[number]

export interface Contender {
  /** Its key in the results, e.g. `onnxruntime/cpu`. */
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

export function recipeOf(experiment: Experiment): Recipe {
  const { activation, batchSize, learningRate, seed } = experiment
  return { latentDims: latentDimsOf(experiment), activation, batchSize, learningRate, seed }
}

/** Batches of a pass: so many full ones, and the images of the last, smaller one (0: there is none). */
export function passShape(images: number, batchSize: number): { steps: number; fullSteps: number; rest: number } {
  const rest = images % batchSize
  const fullSteps = (images - rest) / batchSize
  return { steps: fullSteps + (rest > 0 ? 1 : 0), fullSteps, rest }
}

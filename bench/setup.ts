// What every part of a measurement works with, and the experiment that is measured.
import { presets } from '../src/shared/experiment'
import type { Dataset } from '../src/main/data/dataset'
import type { Engine } from '../src/main/trainer/engine'
import { passShape, recipeOf, type Skipped } from './contender'
import type { BenchOptions } from './options'

export interface Setup {
  /** The repository. */
  root: string
  options: BenchOptions
  dataset: Dataset
  dataFolder: string
  threads: number
  engines: readonly Engine[]
  /** Grows by what could not be measured. */
  skipped: Skipped[]
  /** Tells how far it is. */
  say(line: string): void
}

/** The article's six models as the Keras blog trains them. */
export const experiment = presets['keras-blog']
export const recipe = recipeOf(experiment)
export const { trainLimit } = experiment
export const { steps: stepsPerEpoch } = passShape(trainLimit, recipe.batchSize)

/** What `work` finds out; or null, and its reason for failing among what was skipped. */
export async function attempt<Found>(
  { skipped }: Pick<Setup, 'skipped'>,
  what: Pick<Skipped, 'name' | 'title'>,
  work: () => Found | Promise<Found>
): Promise<Found | null> {
  try {
    return await work()
  } catch (error) {
    skipped.push({ name: what.name, title: what.title, reason: error instanceof Error ? error.message : String(error) })
    return null
  }
}

// What a run of the bench found out: plain data, written as JSON and turned into tables, verdicts and a picture.
import { cpus, totalmem } from 'node:os'
import type { ArticleRun } from './article'
import type { ContenderKind, Recipe, Skipped } from './contender'
import type { EpochEnds } from './epoch-end'
import type { Peak } from './limit'

export interface Machine {
  processor: string
  threads: number
  memoryBytes: number
  system: string
  node: string
}

/** One contender. Times are milliseconds a step, one entry a round; rounds of all contenders belong together. */
export interface Entry {
  name: string
  title: string
  kind: ContenderKind
  /** Mean of the first 20 steps' losses over all models; null where nothing is trained. */
  firstLoss: number | null
  milliseconds: number[]
  /** The same with one core kept busy by another program; empty where it was not measured. */
  busyMilliseconds: number[]
  /** Of the loss over all test images; null where nothing is trained. */
  validationSeconds: number | null
}

export interface Comparison {
  recipe: Recipe
  entries: Entry[]
}

export interface Results {
  format: 2
  measuredAt: string
  machine: Machine
  /** Of each recipe. */
  comparisons: Comparison[]
  /** Instruction sets and numbers of threads. */
  kernels: Entry[]
  epochEnds: EpochEnds | null
  /** Resident bytes of the trainer at each epoch's end. */
  memory: number[] | null
  article: ArticleRun | null
  peak: Peak | null
  skipped: Skipped[]
}

export const comparisonOf = ({ comparisons }: Pick<Results, 'comparisons'>, name: Recipe['name']) =>
  comparisons.find(({ recipe }) => recipe.name === name)

export const entryOf = (comparison: Comparison | undefined, name: string) =>
  comparison?.entries.find((entry) => entry.name === name)

export function describeMachine(threads: number): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node
  }
}

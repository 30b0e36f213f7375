// What a run of the bench found out: plain data, written as JSON and turned into tables, verdicts and a picture.
import { cpus, totalmem } from 'node:os'
import { runtimeVersion } from '../src/main/trainer/engines/onnxruntime/session'
import type { ArticleRun } from './article'
import type { ContenderKind, Skipped } from './contender'
import type { EpochEnds } from './epoch-end'
import type { GroupProfile } from './profile'

export interface Machine {
  processor: string
  threads: number
  memoryBytes: number
  system: string
  node: string
  onnxruntime: string
}

/** One contender. Times are milliseconds a step, one entry a round; rounds of all contenders belong together. */
export interface Entry {
  name: string
  title: string
  kind: ContenderKind
  /** Mean of the first 20 steps' losses over all models; null where nothing is trained. */
  firstLoss: number | null
  stepsPerRound: number
  milliseconds: number[]
  /** The same with one core kept busy by another program; empty where it was not measured. */
  busyMilliseconds: number[]
  /** The article's run, estimated from so many epochs; null where nothing is trained or it failed. */
  article: { seconds: number; epochs: number } | null
}

export interface Results {
  format: 1
  measuredAt: string
  machine: Machine
  /** What a step is. */
  recipe: { preset: string; latentDims: number[]; batchSize: number; stepsPerEpoch: number }
  entries: Entry[]
  /** Six models and the same six with four seeds, milliseconds a step, round by round. */
  manyModels: { six: number[]; twentyFour: number[] } | null
  article: ArticleRun | null
  /** Resident bytes of the trainer at each epoch's end. */
  memory: { epochs: number; bytes: number[] } | null
  epochEnds: EpochEnds | null
  profile: GroupProfile[] | null
  skipped: Skipped[]
}

/** The entry that all others are compared with: our engine on the processor, which every machine has. */
export function oursOnCpu(results: Pick<Results, 'entries'>): Entry | undefined {
  return results.entries.find(({ name }) => name === 'onnxruntime/cpu')
}

export async function describeMachine(threads: number): Promise<Machine> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    onnxruntime: await runtimeVersion()
  }
}

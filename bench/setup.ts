// What every part of a measurement works with.
import type { Dataset } from '../src/main/data/dataset'
import type { Engine } from '../src/main/trainer/engines/engine'
import type { Skipped } from './contender'
import type { BenchOptions } from './options'

export interface Setup {
  /** The repository. */
  root: string
  options: BenchOptions
  dataset: Dataset
  dataFolder: string
  threads: number
  engines: readonly Engine[]
  engineOf(device: string): Engine | undefined
  /** Grows by what could not be measured. */
  skipped: Skipped[]
  /** Hears how far it is. */
  say(line: string): void
}

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

/** A file that the build has made of src/main. */
export const built = ({ root }: Pick<Setup, 'root'>, name: string) => `${root}/out/main/${name}`

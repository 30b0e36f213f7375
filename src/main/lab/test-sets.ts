// Test images in memory: of the data sets that were asked for last, such as MNIST, which every window shows first, and a run's.
import type { DatasetInfo } from '@shared/run'
import type { TestSet } from '../data/dataset'

const MOST_KEPT = 2

export interface TestSetParts {
  load(dataset: string): Promise<TestSet>
  /** As it is now. Throws LabError where there is no data set of that name. */
  infoOf(dataset: string): Promise<DatasetInfo>
}

/**
 * Reads the test images of a data set by its name; those of one that another has replaced meanwhile are read anew. Throws LabError;
 * what failed is read again the next time.
 */
export function createTestSets({ load, infoOf }: TestSetParts): (dataset: string) => Promise<TestSet> {
  const kept = new Map<string, Promise<TestSet>>()
  return async (dataset) => {
    const { sha256 } = await infoOf(dataset)
    const known = kept.get(sha256)
    const reading = known ?? load(dataset)
    kept.delete(sha256)
    kept.set(sha256, reading) // the last asked for comes last
    for (const key of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(key)
    if (!known) reading.catch(() => kept.delete(sha256))
    return reading
  }
}

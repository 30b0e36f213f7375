// Test images in memory: those of MNIST, which every window shows first, and of one other data set, the last that was asked for.
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
    if (known) return known
    const reading = load(dataset)
    const oldest = [...kept.keys()].slice(1, kept.size - MOST_KEPT + 2)
    for (const key of oldest) kept.delete(key)
    kept.set(sha256, reading)
    reading.catch(() => kept.delete(sha256))
    return reading
  }
}

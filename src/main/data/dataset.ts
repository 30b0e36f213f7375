// A data set in memory, and the registry of those there are. Nothing outside this folder knows an image's size or their number.
import { LabError } from '@shared/errors'
import type { DatasetInfo } from '@shared/run'
import { mnist } from './mnist'

/** Images and their labels. Both arrays lie on SharedArrayBuffers: pixels [count × size] 0 to 255, labels [count] from 0. */
export interface LabelledImages {
  pixels: Uint8Array
  labels: Uint8Array
  count: number
  /** Pixels of one image. */
  size: number
}

export interface TestSet {
  info: DatasetInfo
  test: LabelledImages
}

export interface Dataset extends TestSet {
  train: LabelledImages
}

/** A data set that experiments can name. */
export interface DatasetSource {
  info: DatasetInfo
  /** Where its files lie unless a caller knows better. */
  folder(): string
  /** Reads all and checks it. Throws LabError `not-found` or `bad-file`. */
  load(folder: string): Promise<Dataset>
  /** The quick way to what a window shows before anything is trained. Throws as `load`. */
  loadTestSet(folder: string): Promise<TestSet>
}

const sources: readonly DatasetSource[] = [mnist]

/** The source of this name. Throws LabError `bad-value` where there is none. */
export function datasetNamed(name: string): DatasetSource {
  const source = sources.find(({ info }) => info.name === name)
  if (source) return source
  const expected = sources.map(({ info }) => info.name).join(', ')
  throw new LabError('bad-value', 'There is no such data set', { found: name, expected })
}

const FIRST = 10

/** Indices of the 20 probes among the test images: the first ten, then the first of each class 0 to 9. */
export function probeIndices(testLabels: Uint8Array): number[] {
  const upTo10 = Array.from({ length: FIRST }, (_, index) => index)
  return [...upTo10, ...upTo10.map((label) => testLabels.indexOf(label))]
}

// A data set in memory, and those that come with the application; datasets.ts has those that the user adds. Nothing outside this
// folder knows an image's size or their number.
import { LabError } from '@shared/errors'
import type { DatasetInfo } from '@shared/run'
import { mnist } from './mnist'
import { oneOfEach } from './one-of-each'

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

/** A data set that comes with the application. */
export interface DatasetSource {
  info: DatasetInfo
  /** Where its files lie unless a caller knows better. */
  folder(): string
  /** The paths of its files in a folder, under whichever of their usual names they lie there. */
  files(folder: string): Promise<string[]>
  /** Reads all and checks it. Throws LabError `not-found` or `bad-file`. */
  load(folder: string): Promise<Dataset>
  /** The quick way to what a window shows before anything is trained. Throws as `load`. */
  loadTestSet(folder: string): Promise<TestSet>
}

const sources: readonly DatasetSource[] = [mnist]

/** The built-in source of this name; undefined where the application brings none. */
export function builtInDataset(name: string): DatasetSource | undefined {
  return sources.find(({ info }) => info.name === name)
}

/** The built-in source of this name. Throws LabError `bad-value` where there is none. */
export function datasetNamed(name: string): DatasetSource {
  const source = builtInDataset(name)
  if (source) return source
  const expected = sources.map(({ info }) => info.name).join(', ')
  throw new LabError('bad-value', 'There is no such data set', { found: name, expected })
}

/** The paths of all files of the built-in data sets. */
export async function dataFiles(): Promise<string[]> {
  return (await Promise.all(sources.map((source) => source.files(source.folder())))).flat()
}

const FIRST = 10

/** Indices of the 20 probes among the test images: the first ten, then ten of as many classes as there are. */
export function probeIndices(testLabels: Uint8Array): number[] {
  const upTo10 = Array.from({ length: FIRST }, (_, index) => index)
  return [...upTo10, ...oneOfEach(testLabels, FIRST)]
}

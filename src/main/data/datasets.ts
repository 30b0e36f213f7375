// The data sets that there are: the built-in one, and those that the user has added, in the application's data folder.
import { basename, join, resolve } from 'node:path'
import * as v from 'valibot'
import {
  DATASET_NAME_EXPECTED,
  DatasetNameSchema,
  type AddedDataset,
  type DatasetList,
  type ImageChanges,
  type Inspection
} from '@shared/dataset'
import { LabError } from '@shared/errors'
import type { DatasetInfo } from '@shared/run'
import { builtInDataset, type Dataset, type TestSet } from './dataset'
import { FASHION, fashionFolder, readFashion, withDownload } from './fashion-mnist'
import { mnist } from './mnist'
import { inspectionOf, prepare, type PreparedDataset } from './prepare'
import { readData } from './readers/read-data'
import { checkNotCancelled, type ReadImages, type ReadTools } from './readers/read-images'
import {
  checkNameFree,
  listStored,
  loadStored,
  loadStoredTestSet,
  noDataset,
  readStoredInfo,
  removeStored,
  writeStored,
  type DatasetText
} from './stored-dataset'

/** What is to be added: files of the user under a name, or a well-known data set from a folder or its publisher. */
export type DatasetRequest =
  /** `source`: what is said of where the files came from; default: their path. */
  | { path: string; name: string; title?: string; changes: ImageChanges; source?: string }
  | { wellKnown: typeof FASHION.name; from: string | null; download?: boolean }

export interface Datasets {
  list(): Promise<DatasetList>
  /** Throws LabError `not-found` where there is none of that name, and `bad-file`. */
  infoOf(name: string): Promise<DatasetInfo>
  /** As `infoOf` answered last, of one that it was asked for. */
  known(name: string): DatasetInfo
  /** The folder of a data set's files. */
  folderOf(name: string): string
  loadTestSet(name: string): Promise<TestSet>
  /** Reads files without adding them. Throws LabError. */
  inspect(path: string, tools: ReadTools): Promise<Inspection>
  /** Throws LabError. */
  add(request: DatasetRequest, tools: ReadTools): Promise<AddedDataset>
  /** Throws LabError `bad-value` of a built-in one, `not-found`. */
  remove(name: string): Promise<void>
}

export interface DatasetsOptions {
  /** The folder of those that were added. */
  home: string
  /** Where downloads lie until they are read. */
  cache: string
  /** Folder of MNIST's files; default: what comes with the application. */
  mnistFolder?: string | undefined
  onProblem(error: unknown): void
}

/** Reads all of a data set from the folder of its files. Throws LabError. */
export function loadDataset(name: string, folder: string): Promise<Dataset> {
  return builtInDataset(name)?.load(folder) ?? loadStored(name, folder)
}

/** Reads its test images alone. Throws LabError. */
export function loadTestSet(name: string, folder: string): Promise<TestSet> {
  return builtInDataset(name)?.loadTestSet(folder) ?? loadStoredTestSet(name, folder)
}

/** Whether the files in a folder still are those of a data set that was read from there. */
export async function isCurrent({ info }: Dataset, folder: string): Promise<boolean> {
  if (builtInDataset(info.name)) return true
  return readStoredInfo(info.name, folder).then(({ sha256 }) => sha256 === info.sha256, () => false) // prettier-ignore
}

export function createDatasets({ home, cache, mnistFolder, onProblem }: DatasetsOptions): Datasets {
  const infos = new Map<string, DatasetInfo>([[mnist.info.name, mnist.info]])
  const folderOf = (name: string) => {
    const source = builtInDataset(name)
    if (source) return mnistFolder ?? source.folder()
    if (!v.is(DatasetNameSchema, name)) throw noDataset(name) // it is to be no path
    return join(home, name)
  }

  async function infoOf(name: string): Promise<DatasetInfo> {
    const source = builtInDataset(name)
    if (source) return source.info
    const info = await readStoredInfo(name, folderOf(name)).catch(async (error: unknown) => {
      if (!(error instanceof LabError) || error.kind !== 'not-found') throw error
      const { datasets } = await list()
      throw noDataset(name, `one of ${datasets.map((one) => one.name).join(', ')}`)
    })
    infos.set(name, info)
    return info
  }

  async function list(): Promise<DatasetList> {
    const stored = await listStored(home, onProblem)
    const { trainCount, testCount, rows, columns } = mnist.info
    const bytes = (trainCount + testCount) * (rows * columns + 1)
    const isAdded = stored.some(({ name }) => name === FASHION.name)
    const takeable = isAdded ? [] : [{ name: FASHION.name, title: FASHION.title, folder: await fashionFolder() }]
    return { datasets: [{ ...mnist.info, builtIn: true, bytes, source: '' }, ...stored], takeable }
  }

  async function written(said: DatasetText, prepared: PreparedDataset): Promise<AddedDataset> {
    const info = await writeStored(home, said, prepared)
    infos.set(info.name, info)
    return { ...info, kind: prepared.kind, notes: prepared.notes }
  }

  async function addFiles(request: Extract<DatasetRequest, { path: string }>, tools: ReadTools): Promise<AddedDataset> {
    const { name, changes } = request
    await checkName(name)
    const path = resolve(request.path)
    const prepared = prepare(path, await readData(path, tools), changes)
    checkNotCancelled(tools.signal)
    const title = request.title?.trim() || basename(path)
    const said = {
      name,
      title: title.slice(0, 200),
      licence: 'not known: your own data',
      citation: '',
      source: request.source ?? path
    }
    return written(said, prepared)
  }

  async function addFashion(folder: string, tools: ReadTools, read: Promise<ReadImages>): Promise<AddedDataset> {
    const { name, title, licence, citation, classes } = FASHION
    const prepared = prepare(folder, await read, { transpose: false, invert: false })
    const numbers = prepared.classes.map((known) => (classes as readonly string[]).indexOf(known))
    const byNumber = ({ pixels, labels }: typeof prepared.train) => ({
      pixels,
      labels: labels.map((label) => numbers[label] ?? 0)
    })
    checkNotCancelled(tools.signal)
    const ordered = {
      ...prepared,
      classes: [...classes],
      train: byNumber(prepared.train),
      test: byNumber(prepared.test)
    }
    return written({ name, title, licence, citation, source: folder }, ordered)
  }

  async function addWellKnown(
    { from, download = false }: Extract<DatasetRequest, { wellKnown: string }>,
    tools: ReadTools
  ) {
    await checkName(FASHION.name)
    if (download)
      return withDownload(cache, tools, (folder) => addFashion('its publisher', tools, readFashion(folder, tools)))
    const folder = from === null ? await fashionFolder() : resolve(from)
    if (folder === null) throw notOnThisComputer()
    return addFashion(folder, tools, readFashion(folder, tools))
  }

  async function checkName(name: string): Promise<void> {
    if (builtInDataset(name))
      throw new LabError('bad-value', `${name} comes with the application`, { remedy: 'Choose another name' })
    if (!v.is(DatasetNameSchema, name)) {
      throw new LabError('bad-value', 'The name of the data set can’t be used', {
        found: name,
        expected: DATASET_NAME_EXPECTED
      })
    }
    await checkNameFree(home, name)
  }

  return {
    list,
    infoOf,
    known(name) {
      const info = infos.get(name)
      if (!info) throw noDataset(name)
      return info
    },
    folderOf,
    loadTestSet: (name) => loadTestSet(name, folderOf(name)),
    inspect: async (path, tools) => inspectionOf(resolve(path), await readData(path, tools)),
    add: (request, tools) => ('path' in request ? addFiles(request, tools) : addWellKnown(request, tools)),
    async remove(name) {
      if (builtInDataset(name))
        throw new LabError('bad-value', `${name} comes with the application`, { remedy: 'It can’t be removed' })
      if (!v.is(DatasetNameSchema, name)) throw noDataset(name)
      await removeStored(home, name)
      infos.delete(name)
    }
  }
}

const notOnThisComputer = () =>
  new LabError('not-found', 'Fashion-MNIST is not on this computer', {
    expected: 'Debian’s package dataset-fashion-mnist, or a folder with its four files',
    remedy: 'Install that package, give the folder by --from FOLDER, or fetch it from its publisher with --download'
  })

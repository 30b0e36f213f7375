// MNIST in memory: pixels as stored (uint8), labels, and the facts that the window and the report show beside them.
import { join } from 'node:path'
import type { DatasetInfo } from '@shared/run'
import { badFile, readIdx, readIdxSizes, type IdxFile } from './idx'
import { mnistFiles, mnistInfo, type MnistFile } from './mnist'

/** Images and their labels. Both arrays lie on SharedArrayBuffers: pixels [count × 784] 0 to 255, labels [count] 0 to 9. */
export interface LabelledImages {
  pixels: Uint8Array
  labels: Uint8Array
  count: number
}

export interface TestSet {
  info: DatasetInfo
  test: LabelledImages
}

export interface Dataset extends TestSet {
  train: LabelledImages
}

/** Reads all four files and checks them against their digests. Throws LabError `not-found` or `bad-file`. */
export async function loadDataset(folder: string): Promise<Dataset> {
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
export async function loadTestSet(folder: string): Promise<TestSet> {
  const { trainImages, trainLabels, testImages, testLabels } = mnistFiles
  const { trainCount, testCount } = mnistInfo
  const [test, trainSizes, labelSizes] = await Promise.all([
    loadImages(folder, testImages, testLabels, testCount),
    readIdxSizes(join(folder, trainImages.name), 3),
    readIdxSizes(join(folder, trainLabels.name), 1)
  ])
  checkSizes(join(folder, trainImages.name), trainSizes, imageSizes(trainCount))
  checkSizes(join(folder, trainLabels.name), labelSizes, [trainCount])
  return { info: mnistInfo, test }
}

/** Places of the 20 probe digits among the test images: the first ten, then the first of each class 0 to 9. */
export function probeIndices(testLabels: Uint8Array): number[] {
  const upTo10 = (_: unknown, index: number) => index
  const firstTen = Array.from({ length: 10 }, upTo10)
  return [...firstTen, ...Array.from({ length: 10 }, upTo10).map((digit) => testLabels.indexOf(digit))]
}

async function loadImages(
  folder: string,
  images: MnistFile,
  labels: MnistFile,
  count: number
): Promise<LabelledImages> {
  const [pixelFile, labelFile] = await Promise.all([
    readIdx(join(folder, images.name), 3),
    readIdx(join(folder, labels.name), 1)
  ])
  checkCounts(pixelFile, labelFile)
  checkSizes(pixelFile.path, pixelFile.sizes, imageSizes(count))
  checkLabels(labelFile)
  checkDigest(pixelFile, images)
  checkDigest(labelFile, labels)
  return { pixels: pixelFile.values, labels: labelFile.values, count }
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
  if (index >= 0) throw badFile(labels.path, `label ${labels.values[index]} at place ${index}`, 'labels from 0 to 9')
}

function checkDigest(file: IdxFile, canonical: MnistFile): void {
  if (file.sha256 !== canonical.sha256) {
    throw badFile(file.path, `content with SHA-256 ${file.sha256}`, `that of MNIST, ${canonical.sha256}`)
  }
}

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LabError, sentence, type LabErrorData } from '@shared/errors'
import { datasetNamed, probeIndices } from '../../../src/main/data/dataset'
import { mnistFiles, mnistFolder, mnistInfo } from '../../../src/main/data/mnist'
import { idxBytes } from './idx-bytes'

type FileKey = keyof typeof mnistFiles
const { load: loadDataset, loadTestSet } = datasetNamed('mnist')
const source = mnistFolder({})
const folder = mkdtempSync(join(tmpdir(), 'mnist-'))
const inFolder = (key: FileKey) => join(folder, mnistFiles[key].name)
const restore = (key: FileKey) => copyFileSync(join(source, mnistFiles[key].name), inFolder(key))

beforeAll(() => (Object.keys(mnistFiles) as FileKey[]).forEach(restore))
afterAll(() => rmSync(folder, { recursive: true }))

/** What `load` says when one of the four files is changed. */
async function refusal(
  load: (path: string) => Promise<unknown>,
  key: FileKey,
  change: (bytes: Buffer) => Buffer
): Promise<LabErrorData> {
  writeFileSync(inFolder(key), change(readFileSync(inFolder(key))))
  try {
    const thrown: unknown = await load(folder).then(
      () => new Error('was loaded'),
      (error: unknown) => error
    )
    if (!(thrown instanceof LabError)) throw thrown
    expect(sentence(thrown.data)).toContain(inFolder(key))
    return thrown.data
  } finally {
    restore(key)
  }
}

function flipBit(byte: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes.writeUInt8(bytes.readUInt8(byte) ^ 4, byte)
    return bytes
  }
}

describe('load', () => {
  it('brings all images and labels on shared memory', async () => {
    const { info, train, test } = await loadDataset(folder)
    expect(info).toBe(mnistInfo)
    expect([train.count, test.count]).toEqual([60_000, 10_000])
    expect([train.pixels.length, test.pixels.length]).toEqual([60_000 * 784, 10_000 * 784])
    for (const { pixels, labels, count } of [train, test]) {
      expect(pixels.buffer).toBeInstanceOf(SharedArrayBuffer)
      expect(labels).toHaveLength(count)
    }
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expect(Buffer.compare(train.pixels, readFileSync(inFolder('trainImages')).subarray(16))).toBe(0)
  })

  it('refuses a flipped bit of a pixel, naming file and digests', async () => {
    const error = await refusal(loadDataset, 'trainImages', flipBit(40_000_000))
    expect(error.kind).toBe('bad-file')
    expect(error.found).toMatch(/^content with SHA-256 [0-9a-f]{64}$/)
    expect(error.expected).toContain(mnistFiles.trainImages.sha256)
  })

  it('refuses a label that was changed to another digit', async () => {
    const change = (bytes: Buffer) => {
      bytes[8] = 6
      return bytes
    }
    expect((await refusal(loadDataset, 'trainLabels', change)).found).toContain('SHA-256')
  })

  it('refuses a label above 9, with its index', async () => {
    const change = (bytes: Buffer) => {
      bytes[8 + 123] = 12
      return bytes
    }
    expect(await refusal(loadDataset, 'testLabels', change)).toMatchObject({
      kind: 'bad-file',
      found: 'label 12 at index 123',
      expected: 'labels from 0 to 9'
    })
  })

  it('refuses fewer labels than images', async () => {
    const error = await refusal(loadDataset, 'trainLabels', () => idxBytes([59_999], new Uint8Array(59_999)))
    expect(error).toMatchObject({ kind: 'bad-file', found: '59999 labels' })
    expect(error.expected).toContain('60000')
  })

  it('refuses images of another shape', async () => {
    const error = await refusal(loadDataset, 'testImages', (bytes) => idxBytes([10_000, 14, 56], bytes.subarray(16)))
    expect(error).toMatchObject({ kind: 'bad-file', found: '10000 × 14 × 56', expected: '10000 × 28 × 28' })
  })

  it.each(Object.keys(mnistFiles) as FileKey[])('refuses %s truncated or over-long', async (key) => {
    expect((await refusal(loadDataset, key, (bytes) => bytes.subarray(0, -1))).kind).toBe('bad-file')
    expect((await refusal(loadDataset, key, (bytes) => Buffer.concat([bytes, Buffer.of(0)]))).kind).toBe('bad-file')
  })

  it('says which file a folder lacks', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'mnist-'))
    await expect(loadDataset(empty)).rejects.toMatchObject({ kind: 'not-found' })
    rmSync(empty, { recursive: true })
  })
})

describe('loadTestSet', () => {
  it('brings the same test images as load', async () => {
    const [{ info, test }, dataset] = await Promise.all([loadTestSet(folder), loadDataset(folder)])
    expect(info).toEqual(dataset.info)
    expect(Buffer.compare(test.pixels, dataset.test.pixels)).toBe(0)
    expect(test.labels).toEqual(dataset.test.labels)
  })

  it('refuses a flipped bit in the test images and training files of a wrong length', async () => {
    expect((await refusal(loadTestSet, 'testImages', flipBit(1000))).found).toContain('SHA-256')
    expect((await refusal(loadTestSet, 'trainImages', (bytes) => bytes.subarray(0, 1_000_000))).expected).toContain(
      'bytes'
    )
    expect((await refusal(loadTestSet, 'trainLabels', () => idxBytes([3], Buffer.alloc(3)))).expected).toBe('60000')
  })
})

describe('probeIndices', () => {
  it('are the first ten test images, then the first of each class', async () => {
    const { test } = await loadTestSet(folder)
    const indices = probeIndices(test.labels)
    expect(indices).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 2, 1, 18, 4, 8, 11, 0, 61, 7])
    expect(indices.slice(10).map((index) => test.labels[index])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('the registry', () => {
  it('knows MNIST, and names those there are where another is asked for', () => {
    expect(datasetNamed('mnist').info).toBe(mnistInfo)
    const refused = () => datasetNamed('fashion')
    expect(refused).toThrow('There is no such data set: found fashion, expected mnist.')
  })
})

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pcaMse, pcaSpectrum } from '../../../src/main/data/pca'
import type { Dataset } from '../../../src/main/data/dataset'
import { mnist } from '../../../src/main/data/mnist'
import { pcaBaseline, type PcaRequest } from '../../../src/main/trainer/pca-baseline'

const workerPath = resolve(__dirname, '../../../out/main/pca-worker.js')
const noWorker = resolve(__dirname, 'no-such-worker.js')
const dims = [2, 128, 784]
const trainCount = 200

let dataset: Dataset
let expected: number[]
let remembered: string // content of a good cache file
let cacheFolder: string

beforeAll(async () => {
  const { info, train, test } = await mnist.load(mnist.folder())
  dataset = { info, train, test: { ...test, count: 1000 } }
  const spectrum = pcaSpectrum(train, trainCount, dataset.test)
  expected = pcaMse(spectrum, dims)
  remembered = JSON.stringify({ format: 1, sha256: info.sha256, trainCount, testMse: Array.from(spectrum) })
})
beforeEach(() => {
  cacheFolder = join(mkdtempSync(join(tmpdir(), 'analysis-')), 'cache')
})
afterEach(() => rmSync(join(cacheFolder, '..'), { recursive: true }))

const request = (changes: Partial<PcaRequest> = {}): PcaRequest => ({
  workerPath,
  cacheFolder,
  dataset,
  trainCount,
  dims,
  ...changes
})

/** Puts `content` where the cache of these 200 images lies. */
function putIntoCache(content: string): void {
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(join(cacheFolder, `pca-${dataset.info.sha256.slice(0, 16)}-${trainCount}.json`), content)
}

describe('pcaBaseline', () => {
  it('computes in a thread and then answers any dims from the cache, without one', async () => {
    expect(await pcaBaseline(request())).toEqual(expected)
    expect(readdirSync(cacheFolder).map((name) => readFileSync(join(cacheFolder, name), 'utf8'))).toEqual([remembered])
    expect(await pcaBaseline(request({ workerPath: noWorker }))).toEqual(expected)
    expect(await pcaBaseline(request({ workerPath: noWorker, dims: [784, 2] }))).toEqual([expected[2], expected[0]])
  })

  it('takes a cache for another number of images or other data for none', async () => {
    putIntoCache(remembered)
    await expect(pcaBaseline(request({ workerPath: noWorker, trainCount: 201 }))).rejects.toThrow('no-such-worker')
    const other = { ...dataset, info: { ...dataset.info, sha256: 'f'.repeat(64) } }
    await expect(pcaBaseline(request({ workerPath: noWorker, dataset: other }))).rejects.toThrow('no-such-worker')
    expect(await pcaBaseline(request({ workerPath: noWorker }))).toEqual(expected)
  })

  it('takes a damaged cache for none', async () => {
    const good = JSON.parse(remembered) as { testMse: unknown[] }
    const damaged = [
      '',
      '{"format":1}',
      remembered.slice(0, -20),
      JSON.stringify({ ...good, format: 2 }),
      JSON.stringify({ ...good, testMse: good.testMse.slice(1) }),
      JSON.stringify({ ...good, testMse: [null, ...good.testMse.slice(1)] }),
      JSON.stringify({ ...good, testMse: [...good.testMse.slice(1), -1] }),
      JSON.stringify({ ...good, testMse: [...good.testMse.slice(1), 1] }),
      JSON.stringify({ ...good, trainCount: 201 }),
      JSON.stringify({ ...good, sha256: dataset.info.sha256.slice(0, 16) })
    ]
    for (const content of damaged) {
      putIntoCache(content)
      await expect(pcaBaseline(request({ workerPath: noWorker })), content.slice(0, 40)).rejects.toThrow(
        'no-such-worker'
      )
    }
  })

  it('replaces a damaged cache', async () => {
    putIntoCache('{')
    expect(await pcaBaseline(request())).toEqual(expected)
    expect(await pcaBaseline(request({ workerPath: noWorker }))).toEqual(expected)
  })

  it('answers also where nothing can be remembered', async () => {
    writeFileSync(cacheFolder, 'a file where the folder should be')
    expect(await pcaBaseline(request())).toEqual(expected)
  })

  it('rejects with its reason when cancelled, at once, and remembers nothing', async () => {
    const controller = new AbortController()
    const pending = pcaBaseline(request({ trainCount: 60_000, signal: controller.signal }))
    setTimeout(() => controller.abort(new Error('stopped by the user')), 200)
    await expect(pending).rejects.toThrow('stopped by the user')
    await expect(pcaBaseline(request({ signal: controller.signal }))).rejects.toThrow('stopped by the user')
    expect(() => readdirSync(cacheFolder)).toThrow('ENOENT')
  })
})

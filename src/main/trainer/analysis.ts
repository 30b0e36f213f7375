// PCA baselines: computed once for a dataset and a number of training images in a thread of their own, then remembered on disk.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { PIXELS } from '@shared/experiment'
import { pcaMse } from '../data/baselines'
import type { Dataset } from '../data/dataset'
import { atomicWrite } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import { onlyMessageOf } from '../system/only-message'
import type { AnalysisWork } from './analysis-worker'

export interface PcaRequest {
  /** The built thread entry, out/main/analysis-worker.js. */
  workerPath: string
  cacheFolder: string
  dataset: Dataset
  /** PCA is fitted on the first so many training images. */
  trainCount: number
  /** Numbers of components, each 1 to 784. */
  dims: readonly number[]
  /** Ends the thread; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** Test MSE of PCA for each of `dims`: from the cache, or after some seconds in a thread. */
export async function pcaBaseline(request: PcaRequest): Promise<number[]> {
  const path = cachePath(request)
  const remembered = await readSpectrum(path, request)
  if (remembered) return pcaMse(remembered, request.dims)
  const spectrum = await computeSpectrum(request)
  await remember(path, request, spectrum)
  return pcaMse(spectrum, request.dims)
}

function cachePath({ cacheFolder, dataset, trainCount }: PcaRequest): string {
  return join(cacheFolder, `pca-${dataset.info.sha256.slice(0, 16)}-${trainCount}.json`)
}

const SpectrumSchema = v.object({
  format: v.literal(1),
  sha256: v.string(),
  trainCount: v.number(),
  testMse: v.pipe(
    v.array(v.pipe(v.number(), v.finite(), v.minValue(0))),
    v.length(PIXELS),
    v.check((mse) => mse.every((value, i) => value <= (mse[i - 1] ?? Infinity)))
  )
})

/** The remembered spectrum, or null where there is none that fits: what can be computed again needs no error. */
async function readSpectrum(path: string, { dataset, trainCount }: PcaRequest): Promise<number[] | null> {
  try {
    const { sha256, trainCount: count, testMse } = v.parse(SpectrumSchema, JSON.parse(await readFile(path, 'utf8')))
    return sha256 === dataset.info.sha256 && count === trainCount ? testMse : null
  } catch {
    return null
  }
}

/** A cache that can't be written costs the next run some seconds and this one nothing. */
async function remember(path: string, { cacheFolder, dataset, trainCount }: PcaRequest, spectrum: Float64Array) {
  const content = { format: 1, sha256: dataset.info.sha256, trainCount, testMse: Array.from(spectrum) }
  try {
    await makeFolder(cacheFolder)
    await atomicWrite(path, JSON.stringify(content))
  } catch {
    return
  }
}

function computeSpectrum({ workerPath, dataset, trainCount, signal }: PcaRequest): Promise<Float64Array> {
  const { train, test } = dataset
  const work: AnalysisWork = {
    train: { pixels: train.pixels, count: train.count },
    trainCount,
    test: { pixels: test.pixels, count: test.count }
  }
  return onlyMessageOf(workerPath, work, { name: 'The analysis thread', signal })
}

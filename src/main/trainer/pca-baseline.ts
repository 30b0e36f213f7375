// PCA baselines: computed once for a dataset and a number of training images in a thread of their own, then cached on disk.
import { join } from 'node:path'
import * as v from 'valibot'
import type { PixelRows } from '../data/bounds'
import type { Dataset } from '../data/dataset'
import { pcaMse, MOST_DECOMPOSED } from '../data/pca'
import { atomicWrite } from '../system/atomic-write'
import { makeFolder } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { readRegularFile } from '../system/regular-file'
import { onlyMessageOf } from '../system/only-message'
import type { PcaWork } from './pca-worker'

export interface PcaRequest {
  /** The built thread entry, out/main/pca-worker.js. */
  workerPath: string
  cacheFolder: string
  dataset: Dataset
  /** PCA is fitted on the first so many training images. */
  trainCount: number
  /** Numbers of components, each from 1 to an image's pixels. */
  dims: readonly number[]
  /** Ends the thread; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** Test MSE of PCA for each of `dims`: from the cache, or after some seconds in a thread. */
export async function pcaBaseline(request: PcaRequest): Promise<number[]> {
  const path = cachePath(request)
  const { dataset, trainCount } = request
  const cached = await readSpectrum(path, { sha256: dataset.info.sha256, trainCount, least: mostOf(request) })
  if (cached) return pcaMse(cached, request.dims)
  const spectrum = await computeSpectrum(request, mostOf(request))
  await writeSpectrum(path, request, spectrum)
  return pcaMse(spectrum, request.dims)
}

/** Components to compute: all, but of large images only as many as the widest code has numbers. */
function mostOf({ dataset, dims }: PcaRequest): number {
  const { size } = dataset.test
  return size > MOST_DECOMPOSED ? Math.min(size, Math.max(...dims)) : size
}

function cachePath({ cacheFolder, dataset, trainCount }: PcaRequest): string {
  return join(cacheFolder, `pca-${dataset.info.sha256.slice(0, 16)}-${trainCount}.json`)
}

const MOST_BYTES = 2 ** 20 // 784 numbers take 20 kB

const SpectrumSchema = v.object({
  format: v.literal(1),
  sha256: v.string(),
  trainCount: v.number(),
  testMse: v.pipe(
    v.array(v.pipe(v.number(), v.finite(), v.minValue(0))),
    v.check((mse) => mse.every((value, i) => value <= (mse[i - 1] ?? Infinity)))
  )
})

/** The spectrum on disk, or null where there is none that fits: what can be computed again needs no error. */
export async function readSpectrum(
  path: string,
  wanted: { sha256: string; trainCount: number; least: number }
): Promise<number[] | null> {
  try {
    const content = await readRegularFile(path, MOST_BYTES, { what: 'The cache' })
    const { sha256, trainCount, testMse } = v.parse(SpectrumSchema, parseJson(content.toString()))
    const fits = sha256 === wanted.sha256 && trainCount === wanted.trainCount && testMse.length >= wanted.least
    return fits ? testMse : null
  } catch {
    return null
  }
}

/** A cache that can't be written costs the next run some seconds and this one nothing. */
async function writeSpectrum(path: string, { cacheFolder, dataset, trainCount }: PcaRequest, spectrum: Float64Array) {
  const content = { format: 1, sha256: dataset.info.sha256, trainCount, testMse: Array.from(spectrum) }
  try {
    await makeFolder(cacheFolder)
    await atomicWrite(path, JSON.stringify(content))
  } catch {
    return
  }
}

function computeSpectrum({ workerPath, dataset, trainCount, signal }: PcaRequest, most: number): Promise<Float64Array> {
  const { train, test } = dataset
  const work: PcaWork = {
    train: rowsOf(train),
    trainCount,
    test: rowsOf(test),
    most
  }
  return onlyMessageOf(workerPath, work, { name: 'The analysis thread', signal })
}

const rowsOf = ({ pixels, count, size }: PixelRows): PixelRows => ({ pixels, count, size })

// Entry of the thread that computes PCA: seconds of arithmetic that must not hold up the trainer's own thread.
import { parentPort, workerData } from 'node:worker_threads'
import type { PixelRows } from '../data/bounds'
import { pcaSpectrum } from '../data/pca'

/** What the thread is started with. The pixels lie on SharedArrayBuffers, so nothing is copied. */
export interface PcaWork {
  train: PixelRows
  trainCount: number
  test: PixelRows
  /** Components at most. */
  most: number
}

const { train, trainCount, test, most } = workerData as PcaWork
/** The answer: the MSE spectrum, a Float64Array with as many entries as components were asked for. */
parentPort?.postMessage(pcaSpectrum(train, trainCount, test, most))

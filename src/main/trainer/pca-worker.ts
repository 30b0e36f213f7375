// Entry of the thread that computes PCA: seconds of arithmetic that must not hold up the trainer's own thread.
import { parentPort, workerData } from 'node:worker_threads'
import { pcaSpectrum, type PixelRows } from '../data/bounds'

/** What the thread is started with. The pixels lie on SharedArrayBuffers, so nothing is copied. */
export interface PcaWork {
  train: PixelRows
  trainCount: number
  test: PixelRows
}

const { train, trainCount, test } = workerData as PcaWork
/** The answer: the MSE spectrum, one Float64Array of an image's size. */
parentPort?.postMessage(pcaSpectrum(train, trainCount, test))

// How much memory a GPU graph takes in training, by what its tensors hold: an estimate to decide by, not a measurement.
import { PIXELS, totalParameterCount } from '@shared/experiment'
import { EVALUATED_AT_ONCE } from '../../test-images'
import { FLOAT_BYTES, type Width } from '../graph-memory'
import { paddedWidth } from './padding'
import type { Provider } from './provider'

/** Pixels of all steps of a run lie on the device at once, as float32, and transposed once more; beyond this a run is one step. */
const MOST_PICKED_BYTES = 2 ** 26

/** Steps of one run of the session at this batch size. */
export function stepsPerRun(batchSize: number, { steps }: Pick<Provider, 'steps'>): number {
  return steps * batchSize * PIXELS * FLOAT_BYTES > MOST_PICKED_BYTES ? 1 : steps
}

/** Of the flat vector: the state before and after a step 6, `collect` in both step graphs 2, the gradient 2, what Adam has at hand 8. */
const FLAT_COPIES = 18
/** Of a matrix [models, 784, width], of which `spread` picks three: its table in three graphs 9, picked and parted 6, gradients and joined 4. */
const PADDED_COPIES = 19
/** Of the pixels of a run, [steps, batch, 784]: picked, transposed, and both cut into steps; as float32, and a quarter for the bytes. */
const PICKED_COPIES = 4.25
/** Of [models, images, 784]: what each of a step's nodes over all pixels gives. The runtime keeps buffers, so all of them count. */
const PIXEL_TENSORS = 7
/** Of [models, images, width]: codes before and after activation, their transposition, and gradients. */
const CODE_TENSORS = 6

export interface GpuGraph {
  models: readonly Width[]
  batchSize: number
  /** Training and test images, uint8 [images, 784], which each graph has its own copy of on the device. */
  images: number
}

/**
 * Bytes of device memory that training these models in one GPU graph takes: the flat vector [parameters], padded matrices
 * [models, 784, width], pixels [models, images, 784] and codes [models, images, width], float32 all, and the images. A GPU's memory is given back to a pool
 * and not to the system, so what training and evaluation take adds up, but for buffers whose sizes meet.
 */
export function gpuGraphBytes({ models, batchSize, images }: GpuGraph, provider: Pick<Provider, 'steps'>): number {
  const width = paddedWidth(models)
  const flat = totalParameterCount(models.map(({ latentDim }) => latentDim)) * FLAT_COPIES
  const padded = models.length * PIXELS * width * PADDED_COPIES
  const picked = stepsPerRun(batchSize, provider) * batchSize * PIXELS * PICKED_COPIES
  const perImage = models.length * (PIXELS * PIXEL_TENSORS + width * CODE_TENSORS)
  return FLOAT_BYTES * (flat + padded + picked + (batchSize + EVALUATED_AT_ONCE) * perImage) + images * PIXELS
}

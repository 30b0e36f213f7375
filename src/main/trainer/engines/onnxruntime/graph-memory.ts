// How much memory one CPU graph takes in training, by what its tensors hold: an estimate to decide by, not a measurement.
import { PIXELS, totalParameterCount } from '@shared/experiment'
import type { ModelSpec } from '../../engine'
import { EVALUATED_AT_ONCE } from '../test-images'

export const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT

/** What decides how much a model takes. */
export type Width = Pick<ModelSpec, 'latentDim'>

/** Weights and both moments, four times: as a call takes and gives them, and before and after a step of its Loop. */
const STATE_COPIES = 12
/** The gradient, and what Adam has at hand of it, of all weights. */
const UPDATE_COPIES = 3
/** Tensors [images, 784] alive at once whatever the number of models: pixels, pixels less ½, and those of the model at work. */
const SHARED_PIXELS = 3.5
/** And one a model, the gradient of its logits: the shared encoder's gradient comes last and needs all of them. */
const PIXELS_PER_MODEL = 1
/** Tensors [images, Σd] alive at once: codes and their gradients. */
const CODES = 2
/** Of pixels and codes the arena keeps the pieces of its first run beside the block that it plans for all later ones. */
const ARENA_FACTOR = 2

/**
 * Bytes that training these models in one CPU graph takes while it works, the images not counted: weights [parameters], pixels
 * [images, 784] and codes [images, Σd], float32 all, where images is a batch in training and another number in evaluation.
 * `arena`: the session keeps freed memory for its next run, which is faster, and for good.
 */
export function graphBytes(models: readonly Width[], batchSize: number, arena: boolean): number {
  const dims = models.map(({ latentDim }) => latentDim)
  const weights = totalParameterCount(dims) * (STATE_COPIES + UPDATE_COPIES)
  const codes = dims.reduce((sum, latentDim) => sum + latentDim, 0) * CODES
  const pixels = PIXELS * (SHARED_PIXELS + PIXELS_PER_MODEL * models.length)
  const ofImages = (batchSize + EVALUATED_AT_ONCE) * (pixels + codes)
  return FLOAT_BYTES * (weights + ofImages * (arena ? ARENA_FACTOR : 1))
}

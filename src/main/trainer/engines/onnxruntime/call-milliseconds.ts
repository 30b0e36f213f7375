// How long a call of `steps` should take: pause and stop are obeyed between calls, but each call carries the state in and out.
import { totalParameterCount } from '@shared/experiment'
import type { ModelSpec } from '../../engine'

/** With as many parameters as the article's six models have. */
const MILLISECONDS = 80
const PARAMETERS = 400_000
const MOST_MILLISECONDS = 200

/**
 * In Electron always the most, because there the state that a call gives back is copied into fresh memory, page by page (V8's memory
 * cage takes no memory that onnxruntime owns).
 */
const LEAST_MILLISECONDS = process.versions.electron === undefined ? MILLISECONDS : MOST_MILLISECONDS

/** What carrying costs grows with the parameters, so that calls of many models are longer: its share of them stays the same. */
export function callMilliseconds(models: readonly Pick<ModelSpec, 'latentDim'>[]): number {
  const parameters = totalParameterCount(models.map(({ latentDim }) => latentDim))
  const wanted = (MILLISECONDS * parameters) / PARAMETERS
  return Math.min(MOST_MILLISECONDS, Math.max(LEAST_MILLISECONDS, wanted))
}

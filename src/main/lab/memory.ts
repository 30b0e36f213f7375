// What a training takes of this machine's memory, by estimate, and how much there is.
import { totalmem } from 'node:os'
import { modelsOf, type Experiment } from '@shared/experiment'
import { parameterCount, stateSize } from '@shared/model'
import type { DatasetInfo } from '@shared/run'

/** A Node process with the application's code and its libraries, as measured. */
const PROCESS_BYTES = 120e6
/** Times that a parameter's values lie in memory beside the session's own: gradients, the saved state, the checkpoint's bytes. */
const COPIES_OF_STATE = 2
/** Images of a batch that the kernels have at work at once. */
const CHUNK_IMAGES = 256
/** Values an image and unit: output, gradient, and what threads keep of their own. */
const VALUES_A_UNIT = 4

/** Bytes that the trainer takes at most while it trains. */
export function memoryOf(experiment: Experiment, { rows, columns, trainCount, testCount }: DatasetInfo): number {
  const pixels = rows * columns
  const models = modelsOf(experiment, pixels)
  const values = models.reduce((sum, model) => {
    const units = model.layers.reduce((all, layer) => all + layer.units, 0)
    return (
      sum +
      stateSize(model) * (1 + COPIES_OF_STATE) +
      parameterCount(model.layers) +
      units * CHUNK_IMAGES * VALUES_A_UNIT
    )
  }, 0)
  const images = (trainCount + testCount) * pixels
  return PROCESS_BYTES + images + values * Float32Array.BYTES_PER_ELEMENT
}

/** Bytes that the system has, or a container allows. */
export function availableMemory(): number {
  const { constrainedMemory } = process as Partial<typeof process> // older Electrons' Node has no such function
  return Math.min(totalmem(), constrainedMemory?.() || Infinity) // 0 where nothing limits it
}

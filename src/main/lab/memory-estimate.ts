// What a training takes of this machine's memory, by estimate.
import { modelsOf, type Experiment } from '@shared/experiment'
import { parameterCount, stateSize, type ModelConfig } from '@shared/model'
import type { DatasetInfo } from '@shared/run'
import { batchGroups } from '../trainer/batch-groups'
import { RECONSTRUCTED_AT_ONCE } from '../trainer/evaluate'

/** A Node process with the application's code and its libraries, as measured. */
const PROCESS_BYTES = 120e6
/** What a session keeps of its own whatever its models, as the kernels report it for sixteen threads. */
const SESSION_BYTES = 20e6
/** Times that a parameter's values lie in memory beside the session's own: gradients, the saved state, the checkpoint's bytes. */
const COPIES_OF_STATE = 2
/** Images of a batch that the kernels have at work at once. */
const CHUNK_IMAGES = 512
/** Values an image and unit: output, gradient, and what threads keep of their own. */
const VALUES_A_UNIT = 4
/** Times that reconstructions lie in memory while the quality is measured: the engine's, and those it answers with. */
const COPIES_OF_RECONSTRUCTIONS = 2
/** Times that a session with WebGPU has the images for itself: in the page and on the GPU, whose memory may be the processor's. */
const COPIES_OF_IMAGES = 2

/** Bytes that the trainer, and the page where it trains with WebGPU, take while they train. An estimate, rather too much than too little. */
export function memoryOf(experiment: Experiment, device: string, dataset: DatasetInfo): number {
  const pixels = dataset.rows * dataset.columns
  const models = modelsOf(experiment, pixels)
  const groups = batchGroups(models)
  const images = (dataset.trainCount + dataset.testCount) * pixels
  const imagesASession = device.startsWith('webgpu') ? COPIES_OF_IMAGES * images : 0
  const largestGroup = Math.max(...groups.map((group) => group.models.length))
  const reconstructions = largestGroup * RECONSTRUCTED_AT_ONCE * pixels * COPIES_OF_RECONSTRUCTIONS // one group after another
  const values = models.reduce((sum, model) => sum + valuesOfModel(model), reconstructions)
  const sessions = groups.length * (SESSION_BYTES + imagesASession)
  return PROCESS_BYTES + images + sessions + values * Float32Array.BYTES_PER_ELEMENT
}

function valuesOfModel(model: ModelConfig): number {
  const units = model.layers.reduce((all, layer) => all + layer.units, 0)
  const state = stateSize(model) * (1 + COPIES_OF_STATE) + parameterCount(model.layers)
  return state + units * CHUNK_IMAGES * VALUES_A_UNIT
}

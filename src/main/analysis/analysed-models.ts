// The models of a run with the weights that are analysed, at work on the CPU.
import { checkFinite } from '@shared/divergence'
import { weightsNotKept, weightsOf } from '@shared/epoch-weights'
import { modelsOf } from '@shared/experiment'
import { optimizers, type ModelConfig } from '@shared/model'
import type { Dataset } from '../data/dataset'
import { batchGroups } from '../trainer/batch-groups'
import type { EngineSession, ForwardValue, Images } from '../trainer/engines/engine'
import { checkedEngine } from '../trainer/engines/checked-session'
import { createCpuEngine } from '../trainer/engines/cpu/cpu-engine'
import { initialWeights } from '../trainer/initial-state'
import { readStandingCheckpoint } from '../trainer/last-checkpoint'
import { readWeights } from '../trainer/weights-file'
import type { AnalysisJob } from './messages'

/** Models and their weights, in the order of the run's models. */
export interface WeightedModels {
  epoch: number
  models: readonly ModelConfig[]
  weights: readonly Float32Array[][]
}

/** The models after the epoch that is asked for. Throws as readCheckpoint and readWeights, LabError `not-found` where its weights are not kept. */
export async function readModels(job: AnalysisJob, dataset: Dataset): Promise<WeightedModels> {
  const { epoch } = job
  const models = modelsOf(job.experiment, dataset.test.size)
  if (epoch === 0) return { epoch, models, weights: models.map(initialWeights) }
  const { folder, sha256 } = job.weights
  const exact = await checkpointed(job, models, dataset).catch((error: unknown) => {
    if (sha256 !== null) return null
    throw error
  })
  if (exact) return { epoch, models, weights: exact }
  if (sha256 === null) throw weightsNotKept(epoch)
  const kept = await readWeights({ folder, epoch }, models, sha256)
  const weights = models.map(({ layers }, index) => weightsOf(bytesOf(kept[index] as Uint16Array), layers))
  return { epoch, models, weights }
}

/** The weights as training left them; null where the checkpoint is of another epoch, as that of a run that trains on. */
async function checkpointed(
  { epoch, experiment, checkpoint, recorded }: AnalysisJob,
  models: ModelConfig[],
  { info }: Dataset
) {
  if (epoch !== recorded.length) return null
  const owner = { experiment, models, datasetSha256: info.sha256, recorded }
  const { states, history } = await readStandingCheckpoint(checkpoint, owner)
  return history.length === epoch ? states.map(({ weights }) => weights) : null
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array) => new Uint8Array(buffer, byteOffset, byteLength)

/** Those of some seeds. */
export function ofSeeds({ epoch, models, weights }: WeightedModels, seeds: readonly number[]): WeightedModels {
  const chosen = models.flatMap(({ seed }, index) => (seeds.includes(seed) ? [index] : []))
  return {
    epoch,
    models: chosen.map((index) => models[index] as ModelConfig),
    weights: chosen.map((index) => weights[index] as Float32Array[])
  }
}

export interface ModelsAtWork {
  /** One array a model for each value, as EngineSession.forward; `first` and `count` choose images in a row. */
  forward<Value extends ForwardValue>(
    images: Images,
    values: readonly Value[],
    first?: number,
    count?: number
  ): Promise<Record<Value, Float32Array[]>>
  close(): Promise<void>
}

const engine = () => checkedEngine(createCpuEngine())

/**
 * Opens sessions of the CPU engine for all models, one a batch group. Throws as Engine.open, and LabError `diverged` where a weight is no
 * number; `forward` does where an answer is none.
 */
export async function openModels(
  { models, weights }: Pick<WeightedModels, 'models' | 'weights'>,
  train: Images,
  threads: number
): Promise<ModelsAtWork> {
  const cpu = engine()
  const nameOf = (index: number) => models[index]?.label ?? ''
  weights.forEach((tensors, index) => tensors.forEach((tensor) => checkFinite(nameOf(index), 'weights', tensor)))
  const groups: { session: EngineSession; indices: number[] }[] = []
  for (const group of batchGroups(models)) {
    const session = await cpu.open({ models: group.models, train, device: 'cpu', threads })
    await session.load(group.indices.map((index) => stateOf(models[index] as ModelConfig, weights[index] ?? [])))
    groups.push({ session, indices: group.indices })
  }
  return {
    async forward(images, values, first = 0, count = images.count - first) {
      const indices = Int32Array.from({ length: count }, (_, index) => first + index)
      const result = Object.fromEntries(values.map((value) => [value, [] as Float32Array[]]))
      for (const group of groups) {
        const answers = await group.session.forward(images, indices, values)
        for (const value of values) {
          group.indices.forEach((index, n) => {
            const answer = answers[value][n] as Float32Array
            checkFinite(nameOf(index), 'answers', answer)
            ;(result[value] as Float32Array[])[index] = answer
          })
        }
      }
      return result as Record<(typeof values)[number], Float32Array[]>
    },
    async close() {
      for (const { session } of groups) await session.close()
    }
  }
}

/** Nothing is trained: the optimizer has seen nothing. */
function stateOf({ id, optimizer }: ModelConfig, weights: Float32Array[]) {
  const zeros = () => weights.map((tensor) => new Float32Array(tensor.length))
  return { id, weights, slots: optimizers[optimizer].slots.map(zeros), step: 0 }
}

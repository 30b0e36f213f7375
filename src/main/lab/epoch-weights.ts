// The weights of a run's epochs, as its folder has them: how many there is room for, which one a view gets, and the untrained models'.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError, toLabErrorData } from '@shared/errors'
import { bytesOfEpoch, HALF_BYTES, isKept, keptEvery, type EpochWeights } from '@shared/epoch-weights'
import { epochsOf, modelsOf, type Experiment } from '@shared/experiment'
import { formatBytes } from '@shared/format'
import { toHalf } from '@shared/half-floats'
import { parameterCount, type ModelConfig } from '@shared/model'
import { epochsDone, type DatasetInfo, type KeptWeights, type RunFile } from '@shared/run'
import { freeBytes } from '../system/free-bytes'
import type { ModelState } from '../trainer/engines/engine'
import { initialWeights } from '../trainer/initial-state'
import { readStandingCheckpoint } from '../trainer/last-checkpoint'
import { readWeights } from '../trainer/weights-file'
import { lossesOf } from './run-file'
import { runFolderFiles } from './run-folder'

const MEGABYTE = 1e6
/** Of what is free on the disk, a run's weights take no more than this share. */
const MOST_OF_FREE = 0.5
const MOST_BYTES = 32 * 2 ** 20

/** Which weights a run will keep whose folder lies in, or is, `folder`: as many as the setting and the disk allow; null: none, by the setting. */
export async function planWeights(
  experiment: Experiment,
  { rows, columns }: DatasetInfo,
  { weightsMegabytes }: { weightsMegabytes: number },
  folder: string
): Promise<KeptWeights | null> {
  if (weightsMegabytes === 0) return null
  const budget = Math.min(weightsMegabytes * MEGABYTE, MOST_OF_FREE * (await freeBytes(folder)))
  const bytes = bytesOfEpoch(modelsOf(experiment, rows * columns))
  return { every: keptEvery(bytes, epochsOf(experiment), budget), sha256: [], problem: null }
}

/** The weights after `epoch`, or after the nearest before it that are whole; `chosen` as the call readWeights has it. Throws LabError `bad-value`. */
export async function weightsAt(
  folder: string,
  file: RunFile,
  epoch: number,
  chosen: readonly number[] | null = null
): Promise<EpochWeights> {
  const models = modelsOf(file.experiment, file.dataset.rows * file.dataset.columns)
  const indices = chosen ?? models.map((_, index) => index)
  checkChosen(models, indices)
  const pick = ({ epoch, models }: Found): EpochWeights => ({
    epoch,
    models: indices.map((index) => bytesOf(models[index] as Uint16Array))
  })
  const last = Math.min(epoch, epochsDone(file))
  for (let at = last; at > 0; at--) {
    const found =
      (await keptAt(folder, file, models, at)) ?? (at === last ? await checkpointAt(folder, file, models, at) : null)
    if (found) return pick(found)
  }
  return { epoch: 0, models: await untrained(indices.map((index) => models[index] as ModelConfig)) }
}

async function untrained(models: readonly ModelConfig[]): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for (const model of models) {
    all.push(bytesOf(halvesOf({ weights: initialWeights(model) })))
    await nextTurn()
  }
  return all
}

interface Found {
  epoch: number
  /** Of all models. */
  models: Uint16Array[]
}

/** The kept weights of an epoch; null where none are kept, or they are not whole: that costs this epoch alone. */
async function keptAt(folder: string, file: RunFile, models: ModelConfig[], epoch: number): Promise<Found | null> {
  const { every = 0, sha256 = [] } = file.weights ?? {}
  const digest = sha256[epoch - 1]
  if (!digest || !isKept(epoch, epochsOf(file.experiment), every)) return null
  const place = { folder: runFolderFiles(folder).weights, epoch }
  return readWeights(place, models, digest).then(
    (found) => ({ epoch, models: found }),
    (error: unknown) => {
      if (['not-found', 'bad-file'].includes(toLabErrorData(error).kind)) return null
      throw error
    }
  )
}

/** The checkpoint's, if it is of this epoch: all that older runs and thinned ones have of their last. */
async function checkpointAt(
  folder: string,
  file: RunFile,
  models: ModelConfig[],
  epoch: number
): Promise<Found | null> {
  const { checkpoint } = runFolderFiles(folder)
  const owner = { experiment: file.experiment, models, datasetSha256: file.dataset.sha256, recorded: lossesOf(file) }
  const found = await readStandingCheckpoint(checkpoint, owner).catch(() => null)
  return found?.history.length === epoch ? { epoch, models: found.states.map(halvesOf) } : null
}

function halvesOf({ weights }: Pick<ModelState, 'weights'>): Uint16Array {
  const all = new Float32Array(weights.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const tensor of weights) {
    all.set(tensor, start)
    start += tensor.length
  }
  return toHalf(all)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array) => new Uint8Array(buffer, byteOffset, byteLength)

/** Throws LabError `bad-value` for a model that is not there, and where the models make an answer of more than 32 MiB. */
function checkChosen(models: readonly ModelConfig[], indices: readonly number[]): void {
  const sizes = indices.map((index) => {
    const model = models[index]
    if (model) return HALF_BYTES * parameterCount(model.layers)
    throw new LabError('bad-value', 'The run has no such model', {
      found: String(index),
      expected: `0 to ${models.length - 1}`
    })
  })
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  if (bytes <= MOST_BYTES || indices.length === 1) return
  throw new LabError('bad-value', 'The weights of so many models can’t be read at once', {
    found: formatBytes(bytes),
    expected: `at most ${formatBytes(MOST_BYTES)}`
  })
}

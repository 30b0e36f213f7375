// The state of a run after its last complete epoch, as checkpoint.safetensors: weights, optimizer slots, and what was measured until then.
import { join, parse } from 'node:path'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { trainImages, valuesOf, type Experiment } from '@shared/experiment'
import { formatValue, hyperparameterKeys, hyperparameters } from '@shared/hyperparameters'
import { stateSize, tensorShapes, type ModelConfig } from '@shared/model'
import { atomicWrite } from '../system/atomic-write'
import { PRIVATE_FILE } from '../system/make-folder'
import { parseJson } from '../system/parse-json'
import { readRegularFile } from '../system/regular-file'
import { sha256 } from '../system/sha256'
import { stepsOf } from './batch-groups'
import type { ModelState } from './engines/engine'
import type { EpochLosses } from './messages'
import {
  badCheckpoint,
  CHECKPOINT,
  decodeSafetensors,
  encodeSafetensors,
  F32,
  MAX_HEADER_BYTES,
  type Safetensors,
  type Tensor
} from './safetensors'
import { namesOf, notFinite } from './state-tensors'

export interface Checkpoint {
  /** One a model, in the order of the run's models. */
  states: ModelState[]
  /** Losses of each complete epoch, oldest first. */
  history: EpochLosses[]
  /** Training time of these epochs in seconds, pauses left out. */
  seconds: number
}

/** What a checkpoint must belong to before training may go on from it. */
export interface CheckpointOwner {
  experiment: Experiment
  models: readonly ModelConfig[]
  datasetSha256: string
  /** The losses that run.json has of each epoch: those of the epochs that both have must agree. */
  recorded?: readonly EpochLosses[] | undefined
}

const VERSION = 2
const FORMAT = `bottleneck-lab-${VERSION}`
/** The same file but for the experiment's digest. */
const FORMAT_1 = 'bottleneck-lab-1'

/** Where the checkpoint before stays until the one at `path` is proved whole (last-checkpoint.ts). */
export function previousCheckpoint(path: string): string {
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}.previous${ext}`)
}

/** Replaces the checkpoint at `path`, which stays as the previous one. Throws LabError `disk-full` or `not-writable`; the old one stays then. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, owner: CheckpointOwner): Promise<void> {
  const tensors = new Map<string, Tensor>()
  owner.models.forEach((model, index) => {
    const shapes = tensorShapes(model.layers)
    const { weights, slots } = checkpoint.states[index] as ModelState
    namesOf(model).forEach((names, kind) => {
      const values = kind === 0 ? weights : (slots[kind - 1] as Float32Array[])
      names.forEach((name, tensor) => {
        tensors.set(name, { shape: shapes[tensor] as number[], values: values[tensor] as Float32Array })
      })
    })
  })
  const metadata = {
    format: FORMAT,
    epoch: String(checkpoint.history.length),
    seconds: String(checkpoint.seconds),
    history: JSON.stringify(checkpoint.history),
    experiment: experimentDigest(owner.experiment),
    dataset: owner.datasetSha256
  }
  await atomicWrite(path, encodeSafetensors({ tensors, metadata }), PRIVATE_FILE, previousCheckpoint(path))
}

/** Reads and checks a checkpoint, of format 1 as well. Throws LabError `not-found` or `bad-file`; `not-supported` for one of a newer version. */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(await readBounded(path, owner.models), path, F32, CHECKPOINT)
  const { history, seconds } = readMetadata(path, metadata, owner)
  const states = owner.models.map((model) => readState(path, tensors, model, history.length, owner.experiment))
  const expected = owner.models.reduce((sum, model) => sum + namesOf(model).flat().length, 0)
  if (tensors.size !== expected) throw badCheckpoint(path, `${tensors.size} tensors`, `${expected}`)
  for (const [index, model] of owner.models.entries()) {
    const tensor = notFinite(model, states[index] as ModelState)
    if (tensor !== null) throw badCheckpoint(path, `NaN or infinite values in ${tensor}`, 'finite values')
  }
  return { states, history, seconds }
}

/** SHA-256 of all that decides a weight; the name, the preset's name and what only affects the length do not. */
export function experimentDigest({ dataset, base, varied, seeds }: Experiment): string {
  const stays = hyperparameterKeys.flatMap((key) => {
    const value = base[key]
    return value === undefined || hyperparameters[key].affects === 'length' ? [] : [[key, formatValue(key, value)]]
  })
  const values = valuesOf({ varied }).map((value) => formatValue(varied.key, value))
  return digestOf([dataset, stays, varied.key, values, seeds])
}

/** The digest that format 1 has for the experiments that it knew; null of any other. */
export function format1Digest({ dataset, base, varied, seeds }: Experiment): string | null {
  const { trainLimit, activation, batchSize, learningRate, hidden, optimizer, loss } = base
  const isShallow = varied.key === 'latentDim' && hidden?.length === 0
  if (!isShallow || optimizer !== 'adam' || loss !== 'bce' || seeds.length !== 1) return null
  return digestOf([dataset, trainLimit, valuesOf({ varied }), activation, batchSize, learningRate, seeds[0]])
}

const digestOf = (fields: unknown[]) => sha256(JSON.stringify(fields))

function readState(
  path: string,
  tensors: Safetensors['tensors'],
  model: ModelConfig,
  epochs: number,
  experiment: Experiment
): ModelState {
  const shapes = tensorShapes(model.layers)
  const [weights = [], ...slots] = namesOf(model).map((names) =>
    names.map((name, index) => {
      const found = tensors.get(name)
      const shape = found ? `shape ${found.shape.join(' × ')}` : 'nothing'
      const expected = `shape ${shapes[index]?.join(' × ')}`
      if (!found || shape !== expected) throw badCheckpoint(path, `${shape} for ${name}`, expected)
      return found.values
    })
  )
  const step = Math.min(epochs, model.epochs) * stepsOf(model, trainImages(experiment))
  return { id: model.id, weights, slots, step }
}

function readMetadata(path: string, metadata: Safetensors['metadata'], owner: CheckpointOwner) {
  const { format = 'none', experiment, dataset, epoch } = metadata
  if (Number(/^bottleneck-lab-(\d{1,9})$/.exec(format)?.[1]) > VERSION) throw madeByNewer(path, format)
  if (format !== FORMAT && format !== FORMAT_1) throw badCheckpoint(path, `format ${format}`, FORMAT)
  const digest = format === FORMAT ? experimentDigest(owner.experiment) : format1Digest(owner.experiment)
  if (experiment !== digest) throw badCheckpoint(path, 'the state of another experiment', 'that of this run')
  if (dataset !== owner.datasetSha256) {
    throw badCheckpoint(path, 'a state trained on other data', `data with SHA-256 ${owner.datasetSha256}`)
  }
  const history = v.safeParse(historySchema(owner.models), parseJson(metadata.history ?? ''), { abortEarly: true })
  const seconds = Number(metadata.seconds)
  if (!history.success || !(seconds >= 0) || epoch !== String(history.output.length)) {
    throw badCheckpoint(path, 'losses that can’t be read', 'the losses of each complete epoch')
  }
  checkRecorded(path, history.output, owner.recorded ?? [])
  return { history: history.output, seconds }
}

/** Throws LabError `bad-file` at the first epoch of which run.json has other losses. */
function checkRecorded(path: string, history: readonly EpochLosses[], recorded: readonly EpochLosses[]): void {
  const inWords = ({ trainLoss, valLoss, valMse }: EpochLosses) => JSON.stringify([trainLoss, valLoss, valMse])
  for (const [index, losses] of history.slice(0, recorded.length).entries()) {
    if (inWords(losses) === inWords(recorded[index] as EpochLosses)) continue
    throw badCheckpoint(path, `other losses of epoch ${index + 1} than run.json has`, 'those of this run')
  }
}

function madeByNewer(path: string, format: string): LabError {
  return new LabError('not-supported', `The checkpoint ${path} was made by a newer version of Bottleneck Lab`, {
    found: `format ${format}`,
    expected: `${FORMAT_1} or ${FORMAT}`,
    remedy: 'Update Bottleneck Lab to continue this run'
  })
}

function historySchema(models: readonly ModelConfig[]) {
  const losses = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(models.length))
  const epoch = v.strictObject({ trainLoss: losses, valLoss: losses, valMse: losses })
  const epochs = Math.max(...models.map((model) => model.epochs))
  return v.pipe(v.array(epoch), v.minLength(1), v.maxLength(epochs))
}

/** The file's bytes, refused before anything is allocated if they are more than these models can have. */
async function readBounded(path: string, models: readonly ModelConfig[]): Promise<Buffer> {
  const values = models.reduce((sum, model) => sum + stateSize(model), 0)
  const most = MAX_HEADER_BYTES + values * Float32Array.BYTES_PER_ELEMENT
  return readRegularFile(path, most, CHECKPOINT)
}

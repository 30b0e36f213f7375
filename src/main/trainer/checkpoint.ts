// The state of a run after its last complete epoch, as checkpoint.safetensors: weights, optimizer slots, and what was measured until then.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { trainImages, valuesOf, type Experiment } from '@shared/experiment'
import { formatValue, hyperparameterKeys, hyperparameters } from '@shared/hyperparameters'
import { optimizers, stateSize, tensorNames, tensorShapes, type ModelConfig } from '@shared/model'
import { atomicWrite } from '../system/atomic-write'
import { parseJson } from '../system/parse-json'
import { stepsOf } from './batch-groups'
import type { ModelState } from './engines/engine'
import type { EpochLosses } from './messages'
import {
  badCheckpoint,
  decodeSafetensors,
  encodeSafetensors,
  MAX_HEADER_BYTES,
  type Safetensors,
  type Tensor
} from './safetensors'

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
}

const FORMAT = 'bottleneck-lab-2'
/** The same file but for the experiment's digest. */
const FORMAT_1 = 'bottleneck-lab-1'

/** Replaces the checkpoint at `path`. Throws LabError `disk-full` or `not-writable`; the old one stays then. */
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
  await atomicWrite(path, encodeSafetensors({ tensors, metadata }))
}

/** Reads and checks a checkpoint, of format 1 as well. Throws LabError `not-found` or `bad-file`. */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(await readBounded(path, owner.models), path)
  const { history, seconds } = readMetadata(path, metadata, owner)
  const states = owner.models.map((model) => readState(path, tensors, model, history.length, owner.experiment))
  const expected = owner.models.reduce((sum, model) => sum + namesOf(model).flat().length, 0)
  if (tensors.size !== expected) throw badCheckpoint(path, `${tensors.size} tensors`, `${expected}`)
  return { states, history, seconds }
}

/** SHA-256 of all that decides a weight; the name, the preset's name and what only affects the length do not. */
export function experimentDigest({ dataset, base, varied, seeds }: Experiment): string {
  const stays = hyperparameterKeys.flatMap((key) => {
    const value = base[key]
    return value === undefined || hyperparameters[key].affects === 'length' ? [] : [[key, formatValue(key, value)]]
  })
  const values = valuesOf({ varied }).map((value) => formatValue(varied.key, value))
  return sha256([dataset, stays, varied.key, values, seeds])
}

/** The digest that format 1 has for the experiments that it knew; null of any other. */
export function format1Digest({ dataset, base, varied, seeds }: Experiment): string | null {
  const { trainLimit, activation, batchSize, learningRate, hidden, optimizer, loss } = base
  const isShallow = varied.key === 'latentDim' && hidden?.length === 0
  if (!isShallow || optimizer !== 'adam' || loss !== 'bce' || seeds.length !== 1) return null
  return sha256([dataset, trainLimit, valuesOf({ varied }), activation, batchSize, learningRate, seeds[0]])
}

const sha256 = (fields: unknown[]) => createHash('sha256').update(JSON.stringify(fields)).digest('hex')

/**
 * The names of a model's tensors in the file: its weights bear their own, so that any safetensors reader finds them; the optimizer's
 * slots have theirs added, `d=2.encoder.weight.m`.
 */
function namesOf({ id, layers, optimizer }: ModelConfig): string[][] {
  const suffixes = ['', ...optimizers[optimizer].slots.map((slot) => `.${slot}`)]
  return suffixes.map((suffix) => tensorNames(layers).map((name) => `${id}.${name}${suffix}`))
}

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
  if (format !== FORMAT && format !== FORMAT_1) throw badCheckpoint(path, `format ${format}`, FORMAT)
  const digest = format === FORMAT ? experimentDigest(owner.experiment) : format1Digest(owner.experiment)
  if (experiment !== digest) throw badCheckpoint(path, 'the state of another experiment', 'that of this run')
  if (dataset !== owner.datasetSha256) {
    throw badCheckpoint(path, 'a state trained on other data', `data with SHA-256 ${owner.datasetSha256}`)
  }
  const history = v.safeParse(historySchema(owner.models), parseJson(metadata.history ?? ''))
  const seconds = Number(metadata.seconds)
  if (!history.success || !(seconds >= 0) || epoch !== String(history.output.length)) {
    throw badCheckpoint(path, 'losses that can’t be read', 'the losses of each complete epoch')
  }
  return { history: history.output, seconds }
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
  const unreadable = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new LabError('not-found', `The checkpoint ${path} is missing`)
    throw badCheckpoint(path, error.code ?? String(error), 'a readable file')
  }
  const file = await open(path, 'r').catch(unreadable)
  try {
    const { size } = await file.stat()
    if (size > most) throw badCheckpoint(path, `${size} bytes`, `at most ${most}`)
    return await file.readFile().catch(unreadable)
  } finally {
    await file.close()
  }
}

// The state of a run after its last complete epoch, as checkpoint.safetensors: weights, both moments, and what was measured so far.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { latentDimsOf, totalParameterCount, stepsPerEpoch, type Experiment } from '@shared/experiment'
import { atomicWrite } from '../system/atomic-write'
import { parseJson } from '../system/parse-json'
import { tensorNames, type ModelState, type TensorName } from './engine'
import { tensorShapes } from './initialize'
import type { EpochLosses } from './messages'
import { modelSpecs } from './model-specs'
import {
  badCheckpoint,
  decodeSafetensors,
  encodeSafetensors,
  MAX_HEADER_BYTES,
  type Safetensors,
  type Tensor
} from './safetensors'

export interface Checkpoint {
  states: ModelState[]
  /** Losses of each complete epoch, oldest first. */
  history: EpochLosses[]
  /** Training time of these epochs, pauses left out. */
  seconds: number
}

/** What a checkpoint must belong to before training may go on from it. */
export interface CheckpointOwner {
  experiment: Experiment
  datasetSha256: string
}

const FORMAT = 'bottleneck-lab-1'
// Weights bear the tensor's own name, so that any safetensors reader finds them; moments are added as optimizers call them.
const parts = [
  ['weights', ''],
  ['firstMoment', '.m'],
  ['secondMoment', '.v']
] as const

/** Replaces the checkpoint at `path`. Throws LabError `disk-full` or `not-writable`; the old one stays then. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, owner: CheckpointOwner): Promise<void> {
  const tensors = new Map<string, Tensor>()
  for (const state of checkpoint.states) {
    for (const [name, part, values] of tensorsOf(state)) {
      tensors.set(part, { shape: shapesOf(state, owner.experiment)[name], values })
    }
  }
  const metadata = {
    format: FORMAT,
    epoch: String(checkpoint.history.length),
    step: String(checkpoint.states[0]?.step ?? 0),
    seconds: String(checkpoint.seconds),
    history: JSON.stringify(checkpoint.history),
    experiment: experimentDigest(owner.experiment),
    dataset: owner.datasetSha256
  }
  await atomicWrite(path, encodeSafetensors({ tensors, metadata }))
}

/** Reads and checks a checkpoint. Throws LabError `not-found` or `bad-file`. */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(await readBounded(path, owner.experiment), path)
  const { history, seconds } = readMetadata(path, metadata, owner)
  const step = history.length * stepsPerEpoch(owner.experiment)
  const states = modelSpecs(owner.experiment).map(({ name, latentDim }) =>
    Object.assign({ name, step }, readState(path, tensors, name, latentDim))
  )
  const expected = states.length * tensorNames.length * parts.length
  if (tensors.size !== expected) throw badCheckpoint(path, `${tensors.size} tensors`, `${expected}`)
  return { states, history, seconds }
}

/** SHA-256 of the fields that decide every weight; the name, the preset's name and the number of epochs do not. */
export function experimentDigest(experiment: Experiment): string {
  const { dataset, trainLimit, activation, batchSize, learningRate, seed } = experiment
  const fields = [dataset, trainLimit, latentDimsOf(experiment), activation, batchSize, learningRate, seed]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

function* tensorsOf(state: ModelState): Generator<[TensorName, string, Float32Array]> {
  for (const [part, suffix] of parts) {
    for (const name of tensorNames) yield [name, `${state.name}.${name}${suffix}`, state[part][name]]
  }
}

function shapesOf(state: ModelState, experiment: Experiment): Record<TensorName, number[]> {
  const model = modelSpecs(experiment).find(({ name }) => name === state.name)
  if (!model) throw new Error(`The engine saved a model that was not asked for: ${state.name}`)
  return tensorShapes(model.latentDim)
}

function readState(path: string, tensors: Safetensors['tensors'], model: string, latentDim: number) {
  const shapes = tensorShapes(latentDim)
  const read = (suffix: string) => {
    const entries = tensorNames.map((name) => {
      const found = tensors.get(`${model}.${name}${suffix}`)
      const shape = found ? `shape ${found.shape.join(' × ')}` : 'nothing'
      const expected = `shape ${shapes[name].join(' × ')}`
      if (!found || shape !== expected) throw badCheckpoint(path, `${shape} for ${model}.${name}${suffix}`, expected)
      return [name, found.values] as const
    })
    return Object.fromEntries(entries) as Record<TensorName, Float32Array>
  }
  return { weights: read(''), firstMoment: read('.m'), secondMoment: read('.v') }
}

function readMetadata(path: string, metadata: Safetensors['metadata'], owner: CheckpointOwner) {
  if (metadata.format !== FORMAT) throw badCheckpoint(path, `format ${metadata.format ?? 'none'}`, FORMAT)
  if (metadata.experiment !== experimentDigest(owner.experiment)) {
    throw badCheckpoint(path, 'the state of another experiment', 'that of this run')
  }
  if (metadata.dataset !== owner.datasetSha256) {
    throw badCheckpoint(path, 'a state trained on other data', `data with SHA-256 ${owner.datasetSha256}`)
  }
  const history = v.safeParse(historySchema(owner.experiment), parseJson(metadata.history ?? ''))
  const seconds = Number(metadata.seconds)
  if (!history.success || !(seconds >= 0) || metadata.epoch !== String(history.output.length)) {
    throw badCheckpoint(path, 'losses that can’t be read', 'the losses of each complete epoch')
  }
  return { history: history.output, seconds }
}

function historySchema({ epochs, varied }: Experiment) {
  const losses = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(varied.values.length))
  const epoch = v.strictObject({ trainLoss: losses, valLoss: losses, valMse: losses })
  return v.pipe(v.array(epoch), v.minLength(1), v.maxLength(epochs))
}

/** The file's bytes, refused before anything is allocated if they are more than this experiment can have. */
async function readBounded(path: string, experiment: Experiment): Promise<Buffer> {
  const values = totalParameterCount(latentDimsOf(experiment))
  const most = MAX_HEADER_BYTES + parts.length * values * Float32Array.BYTES_PER_ELEMENT
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

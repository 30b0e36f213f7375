// The weights after one epoch, as weights/0012.safetensors in float16 under the names that the checkpoint has: Python can load them.
import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '@shared/errors'
import { bytesOfEpoch } from '@shared/epoch-weights'
import { toHalf } from '@shared/half-floats'
import { parameterCount, tensorShapes, type ModelConfig } from '@shared/model'
import { fileError, replaceUnsynced } from '../system/atomic-write'
import { PRIVATE_FOLDER } from '../system/make-folder'
import { notUsable, readRegularFile, type FileKind } from '../system/regular-file'
import { systemCode } from '../system/system-error'
import type { ModelState } from './engines/engine'
import { decodeSafetensors, digestIn, encodeSafetensors, F16, MAX_HEADER_BYTES, type Tensor } from './safetensors'
import { namesOf } from './state-tensors'

const FORMAT = 'bottleneck-lab-weights-1'
const DIGITS = 4

export const WEIGHTS_FILE: FileKind = {
  what: 'The file of weights',
  remedy: 'Put a whole copy of it in its place; nothing else is affected'
}

/** Of what run and epoch the weights are; `folder` holds the files of all epochs. */
export interface WeightsPlace {
  folder: string
  run: string
  epoch: number
}

export function weightsPath({ folder, epoch }: Pick<WeightsPlace, 'folder' | 'epoch'>): string {
  return join(folder, `${String(epoch).padStart(DIGITS, '0')}.safetensors`)
}

/**
 * Writes the weights of the models, in their order, and answers with the SHA-256 that the file bears of itself. The same weights make the
 * same bytes. Throws LabError `disk-full` or `not-writable`.
 */
export async function writeWeights(
  place: WeightsPlace,
  models: readonly ModelConfig[],
  states: readonly Pick<ModelState, 'weights'>[]
): Promise<string> {
  const tensors = new Map<string, Tensor<Uint16Array>>()
  models.forEach((model, index) => {
    const shapes = tensorShapes(model.layers)
    const weights = states[index]?.weights ?? []
    weightNames(model).forEach((name, tensor) => {
      tensors.set(name, { shape: shapes[tensor] as number[], values: toHalf(weights[tensor] as Float32Array) })
    })
  })
  const metadata = { format: FORMAT, run: place.run, epoch: String(place.epoch) }
  const file = encodeSafetensors({ tensors, metadata })
  const path = weightsPath(place)
  await makeOwnFolder(place.folder)
  await replaceUnsynced(path, file)
  return digestIn(file)
}

/**
 * Reads the weights of an epoch: of each model its tensors one after another, float16. Throws LabError `not-found`, or `bad-file` where the
 * file is not the one that bears `sha256`.
 */
export async function readWeights(
  place: Omit<WeightsPlace, 'run'>,
  models: readonly ModelConfig[],
  sha256: string
): Promise<Uint16Array[]> {
  const path = weightsPath(place)
  const most = MAX_HEADER_BYTES + bytesOfEpoch(models)
  const { tensors, metadata } = decodeSafetensors(
    await readRegularFile(path, most, WEIGHTS_FILE),
    path,
    F16,
    WEIGHTS_FILE
  )
  if (metadata.sha256 !== sha256) {
    throw notUsable(path, WEIGHTS_FILE, 'other weights than the run wrote', 'those that fit their SHA-256')
  }
  return models.map((model) => {
    const weights = joined(weightNames(model).map((name) => tensors.get(name)?.values ?? new Uint16Array()))
    const expected = parameterCount(model.layers)
    if (weights.length === expected) return weights
    throw notUsable(path, WEIGHTS_FILE, `${weights.length} weights of ${model.id}`, String(expected))
  })
}

const weightNames = (model: ModelConfig) => namesOf(model)[0] ?? []

function joined(parts: readonly Uint16Array[]): Uint16Array {
  const all = new Uint16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const part of parts) {
    all.set(part, start)
    start += part.length
  }
  return all
}

/** Makes the folder where there is none; a link in its place would lead the files elsewhere. */
async function makeOwnFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, PRIVATE_FOLDER)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw fileError(error, folder)
    if ((await lstat(folder)).isDirectory()) return
    const remedy = 'Move it away'
    throw new LabError('not-writable', `${folder} is not a folder`, { found: 'a file or a link', remedy })
  }
}

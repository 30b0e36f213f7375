// The weights of a run's epochs, kept as float16: of which epochs, in how many bytes, and how a view makes numbers of them.
import { LabError } from './errors'
import { epochsOf } from './experiment'
import { formatPlural } from './format'
import { fromHalf } from './half-floats'
import { parameterCount, tensorNames, tensorSizes, type LayerConfig, type ModelConfig } from './model'
import { epochsDone, type RunFile } from './run'

/** Bytes of a value. */
export const HALF_BYTES = 2
/** What a file takes beside its values: a line of the header for each tensor, and the rest of it. At most, but for long ids. */
const HEADER_BYTES = 320
const HEADER_BYTES_A_TENSOR = 110

/** The weights and biases of one epoch. */
export interface EpochWeights {
  /** The kept epoch nearest below the one asked for, or that one; 0: before the first step. */
  epoch: number
  /** One a model that was asked for: all tensors in the order of tensorShapes, float16, little-endian. */
  models: Uint8Array[]
}

/** The tensors of one model of EpochWeights, as tensorShapes (model.ts) lists them. Throws RangeError where there are too few bytes. */
export function weightsOf(bytes: Uint8Array, layers: readonly LayerConfig[]): Float32Array[] {
  const values = parameterCount(layers)
  const isAligned = bytes.byteOffset % HALF_BYTES === 0
  const { buffer, byteOffset } = isAligned ? bytes : bytes.slice()
  if (bytes.byteLength < values * HALF_BYTES) throw new RangeError(`${bytes.byteLength} bytes for ${values} weights`)
  const floats = fromHalf(new Uint16Array(buffer, byteOffset, values))
  let start = 0
  return tensorSizes(layers).map((size) => floats.subarray(start, (start += size)))
}

/** Bytes of the file with one epoch's weights of these models. */
export function bytesOfEpoch(models: readonly Pick<ModelConfig, 'layers'>[]): number {
  return models.reduce(
    (sum, { layers }) => sum + HALF_BYTES * parameterCount(layers) + HEADER_BYTES_A_TENSOR * tensorNames(layers).length,
    HEADER_BYTES
  )
}

/**
 * Of every how many epochs the weights are kept, the fewest that fit: 1 is all, 0 none. With it `isKept` says of which; the last of the
 * `epochs` that are planned is always among them.
 */
export function keptEvery(bytesAnEpoch: number, epochs: number, budgetBytes: number): number {
  const most = Math.floor(budgetBytes / bytesAnEpoch)
  return most < 1 ? 0 : Math.ceil(epochs / most)
}

/** Whether the weights of `epoch`, from 1, are kept of a run that plans so many: evenly, counted back from the last. */
export function isKept(epoch: number, epochs: number, every: number): boolean {
  return every > 0 && epoch >= 1 && epoch <= epochs && (epochs - epoch) % every === 0
}

/** How many are kept. */
export function keptCount(epochs: number, every: number): number {
  return every > 0 ? Math.ceil(epochs / every) : 0
}

/** Of which of the planned epochs: `every epoch`, `every 3rd epoch`, `the last epoch alone`, `no epoch`. */
export function everyInWords(every: number, epochs: number): string {
  if (every === 0) return 'no epoch'
  if (every >= epochs && epochs > 1) return 'the last epoch alone'
  return every === 1 ? 'every epoch' : `every ${every}${ordinalEnding(every)} epoch`
}

function ordinalEnding(n: number): string {
  const isTeen = Math.floor(n / 10) % 10 === 1
  return (!isTeen && { 1: 'st', 2: 'nd', 3: 'rd' }[n % 10]) || 'th'
}

/** Epochs whose weights were to be kept and could not be written: a disk was full. */
export function lostWeights({ weights, experiment }: Pick<RunFile, 'weights' | 'experiment'>): number {
  if (!weights) return 0
  const planned = epochsOf(experiment)
  return weights.sha256.filter((sha256, index) => sha256 === null && isKept(index + 1, planned, weights.every)).length
}

/** What there is to say of the weights that a run keeps; empty where those of every complete epoch are there, or it was to keep none. */
export function weightsInWords(file: Pick<RunFile, 'weights' | 'experiment'>): string {
  if (!file.weights) return ''
  const { every } = file.weights
  const lost = lostWeights(file)
  const thinned = every === 1 ? [] : [`weights of ${everyInWords(every, epochsOf(file.experiment))} are kept`]
  const missing = lost > 0 ? [`weights of ${formatPlural(lost, 'epoch')} could not be written`] : []
  return [...thinned, ...missing].join(', ')
}

/** Whether the weights of an epoch can be had: 0 follows from the seeds, the last is in the checkpoint, of others those that were kept. */
export function hasWeights(file: Pick<RunFile, 'weights' | 'experiment' | 'models'>, epoch: number): boolean {
  const last = epochsDone(file)
  if (epoch === 0 || epoch >= last) return epoch === 0 || epoch === last
  const { every = 0, sha256 = [] } = file.weights ?? {}
  const digest = sha256[epoch - 1]
  // a view that follows a training does not know yet what was written since it opened the run
  return digest === undefined ? isKept(epoch, epochsOf(file.experiment), every) : digest !== null
}

/** The latest epoch up to this one whose weights can be had. */
export function nearestWithWeights(file: Pick<RunFile, 'weights' | 'experiment' | 'models'>, epoch: number): number {
  let at = Math.min(epoch, epochsDone(file))
  while (!hasWeights(file, at)) at -= 1
  return at
}

export function weightsNotKept(epoch: number): LabError {
  return new LabError('not-found', `The weights of epoch ${epoch} were not kept`, {
    remedy: 'Choose an epoch whose weights were kept: the first, the last or one between'
  })
}

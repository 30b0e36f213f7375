// What an engine must do to train. A further engine takes one folder and one line of the registry.
import type { FoundDevice } from '@shared/contract'
import type { Activation, EngineName } from '@shared/experiment'

/** One autoencoder: 784 → latentDim (activation) → 784 (sigmoid). */
export interface ModelSpec {
  /** `d=2`; names its tensors in the checkpoint and seeds its weights. */
  name: string
  latentDim: number
  activation: Activation
}

/** Images as stored: uint8, one row of 784 an image. Shared memory, so that threads copy it without a message. */
export interface Images {
  pixels: Uint8Array
  count: number
}

/** All that a training needs; models are trained on the same batches and do not influence one another. */
export interface TrainingJob {
  models: ModelSpec[]
  batchSize: number
  learningRate: number
  train: Images
  test: Images
  device: string
  /** At most so many threads; default: the cores of the machine. */
  threads: number
  /** Bytes that the graphs at work at once may take, by estimate; absent: no limit. Who needs no more ignores it. */
  memoryBudget?: number
}

/** The tensors of a dense layer pair. Shapes: encoder.weight [784, d], encoder.bias [d], decoder.weight [d, 784], decoder.bias [784]. */
export const tensorNames = ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'] as const
export type TensorName = (typeof tensorNames)[number]

/** Tensors of one model by their names. */
export type ModelTensors = Record<TensorName, Float32Array>

/** Everything that training changes in one model. Moments are Adam's own m and v (Kingma & Ba 2015), unscaled by the engine's tricks. */
export interface ModelState {
  name: string
  weights: ModelTensors
  firstMoment: ModelTensors
  secondMoment: ModelTensors
  /** Adam's t: steps taken so far. */
  step: number
}

/** Means over all test images and pixels, one entry a model. */
export interface Evaluation {
  bce: number[]
  mse: number[]
}

/** PSNR in dB and SSIM (see shared/metrics), means over all test images, one entry a model. */
export interface Quality {
  psnr: number[]
  ssim: number[]
}

/** A training in progress. Calls take effect in the order in which they are made, also before the last is answered. Any of them rejects with a LabError (`out-of-memory`, `internal`, …). */
export interface Training {
  /** About how many batches a call of `steps` should hold: a small part of a second, as pause and stop are obeyed between calls. */
  readonly stepsPerCall: number
  /** Groups of models that a step trains one after another, as the memory budget asks for; 1: all at once. */
  readonly turns: number
  /**
   * Trains on consecutive batches cut from `order` (indices into `train`); only the last batch may be smaller than batchSize.
   * Answers with the mean loss of each batch before its update: [batches × models], row by row.
   */
  steps(order: Int32Array): Promise<Float32Array>
  evaluate(): Promise<Evaluation>
  measureQuality(): Promise<Quality>
  /** Reconstructions of test images as uint8 (rounded σ·255): [models × indices × 784]. */
  reconstruct(indices: readonly number[]): Promise<Uint8Array>
  /** The states as they are now, in memory that is the caller’s alone. */
  save(): Promise<ModelState[]>
  load(states: ModelState[]): Promise<void>
  /** Gives back sessions, threads and memory. */
  close(): Promise<void>
}

export interface Engine {
  readonly name: EngineName
  devices(): Promise<FoundDevice[]>
  /** Throws LabError `device-unavailable` or `not-supported` before anything is trained. States must be loaded before `steps`. */
  open(job: TrainingJob): Promise<Training>
}

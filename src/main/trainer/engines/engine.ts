// What an engine must do to train: open a session for models that share their batches, and the session's five methods.
import type { FoundDevice } from '@shared/contract'
import { codeUnits, type ModelConfig } from '@shared/model'

/** Images as stored: uint8, one row of `size` pixels an image, 0 to 255 and taken as value / 255. On shared memory where threads read it. */
export interface Images {
  pixels: Uint8Array
  count: number
  size: number
}

/** All that a session needs. */
export interface SessionConfig {
  /** Of one batch group: all have the same batch size, seed and first layer's input, which is `train.size`. */
  models: readonly ModelConfig[]
  train: Images
  /** Name of a device that the engine has found. */
  device: string
  /** At most so many threads, from 1. */
  threads: number
}

/** Everything that training changes in one model. Tensors as tensorShapes (shared/model) lists them. */
export interface ModelState {
  id: string
  weights: Float32Array[]
  /** For each slot of the optimizer (shared/model), as many tensors of the same sizes: of Adam m and v. */
  slots: Float32Array[][]
  /** Optimizer steps taken so far: Adam's t. */
  step: number
}

/** What a call of `steps` has done. */
export interface TrainedSteps {
  /** Mean loss of each batch before its update, [batches × models] row by row; fewer batches than asked for where `signal` came first. */
  losses: Float32Array
  /** Wall-clock time of the arithmetic, without the time that the call waited for others. */
  milliseconds: number
}

/**
 * bce and mse: binary cross-entropy in nats and squared error, mean over the pixels of each image: [images], whatever the model's loss.
 * reconstruction: the last layer's output, 0 to 1: [images × size]. code: the middle layer's output: [images × units].
 */
export const forwardValues = ['bce', 'mse', 'reconstruction', 'code'] as const
export type ForwardValue = (typeof forwardValues)[number]

/** Numbers of a value for each image of a model. */
export function forwardWidth(value: ForwardValue, { layers }: ModelConfig, { size }: Pick<Images, 'size'>): number {
  return value === 'code' ? codeUnits(layers) : value === 'reconstruction' ? size : 1
}

/** One array a model for each value that was asked for. */
export type ForwardResult<Value extends ForwardValue = ForwardValue> = Record<Value, Float32Array[]>

/**
 * Models at work on a device. Calls are carried out in the order in which they are made, also where they are made before the last one was
 * answered. Any of them rejects with a LabError (`out-of-memory`, `device-lost`, …); after a rejection only `close` may be called. What
 * all engines refuse alike is in checked-session.ts.
 */
export interface EngineSession {
  /**
   * Trains on consecutive batches cut from `order` (indices into the training images); only the last batch of an epoch may be smaller
   * than the batch size. An abort of `signal` is obeyed between two batches. The CPU obeys it within 100 ms and undoes a longer batch,
   * but finishes updates of parameters that have begun, which takes longer with very large models.
   */
  steps(order: Int32Array, signal?: AbortSignal): Promise<TrainedSteps>
  /** The models' answers to images of any set of the same size. */
  forward<Value extends ForwardValue>(
    images: Images,
    indices: Int32Array,
    values: readonly Value[]
  ): Promise<ForwardResult<Value>>
  /** States as they are now, one a model in the order of the models, in memory that is the caller's alone. */
  save(): Promise<ModelState[]>
  /** Must come before `steps` and `forward`; `states` in the order of the models. */
  load(states: readonly ModelState[]): Promise<void>
  /** Gives back memory; the process's threads stay for other sessions. Calls under way end first, or reject. */
  close(): Promise<void>
}

/** An engine and the devices that it trains on. */
export interface Engine {
  devices(): Promise<FoundDevice[]>
  /** Throws LabError `device-unavailable`, `not-supported` or `out-of-memory` (with the figure) before anything is trained. */
  open(config: SessionConfig): Promise<EngineSession>
}

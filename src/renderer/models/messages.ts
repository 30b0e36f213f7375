// What the page asks of the worker that computes codes and reconstructions, and what comes back.
import type { TestImages } from '@shared/contract'
import type { LabErrorData } from '@shared/errors'
import type { LayerConfig } from '@shared/model'
import type { CodeMap } from './code-map'

/** A model of the run at an epoch whose weights the worker has been given. */
export interface ModelAt {
  /** Names run and epoch. */
  key: string
  /** Index in the run's list of models. */
  model: number
}

/** Squared errors of test images, in their order; sorted, for percentiles. */
export interface ImageErrors {
  mse: Float32Array
  sortedMse: Float32Array
}

/** The work there is: what it needs, and what it answers with. */
export interface Tasks {
  /** Codes of images [count × pixels], 0 to 1, and what becomes of them, one entry a model. */
  reconstruct: {
    input: { key: string; models: number[]; images: Float32Array }
    result: { codes: Float32Array; pixels: Float32Array }[]
  }
  /** Pixels [count × pixels], 0 to 1, of codes [count × units]. */
  decode: { input: ModelAt & { codes: Float32Array }; result: Float32Array }
  /** Where the test images lie in the code's plane, and what each unit does. */
  map: { input: ModelAt; result: CodeMap }
  /** Of the first `count` test images. */
  errors: { input: ModelAt & { count: number }; result: ImageErrors }
  /** How much the mean squared error over the first `count` test images grows when each unit is set to zero. */
  unitEffects: { input: ModelAt & { count: number }; result: Float32Array }
}
export type TaskName = keyof Tasks

export type ToWorker =
  | { type: 'images'; images: TestImages }
  | { type: 'weights'; key: string; models: { layers: LayerConfig[]; bytes: Uint8Array }[] }
  | { type: 'forget'; key: string }
  | { type: 'cancel'; id: number }
  | { type: 'task'; id: number; name: TaskName; input: Tasks[TaskName]['input'] }

/** `result` is null where the task was cancelled; `error` where it failed: models that have diverged, or a defect. Before it, long work tells its share, 0 to 1. */
export type FromWorker =
  { id: number; result: Tasks[TaskName]['result'] | null; error?: LabErrorData } | { id: number; share: number }

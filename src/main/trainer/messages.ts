// What the lab says to the trainer process and what it hears back: plain data, the same over utilityProcess and fork.
import type { FoundDevice } from '@shared/contract'
import type { LabErrorData } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import type { Quality } from './evaluate'
import type { Bounds, DatasetInfo, StepProgress } from '@shared/run'

/** Names a run to train. One that `continues` loads its checkpoint and goes on after the last complete epoch. */
export interface TrainJob {
  id: string
  experiment: Experiment
  device: string
  /** At most so many threads; absent: as many as the processor runs at once. */
  threads?: number
  /** Folder of the data set's files. */
  dataFolder: string
  /** Path of checkpoint.safetensors in the run folder; written after each epoch, before `epochEnded` is sent and after the epoch before was `recorded`. */
  checkpoint: string
  /** Where computed PCA baselines are cached, keyed by the data's digest. */
  cacheFolder: string
  continues: boolean
}

export type TrainerCommand =
  | { type: 'train'; job: TrainJob }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }
  /**
   * The lab has stored what `epochEnded` brought of this epoch. The checkpoint of the next one waits for it, so that it is never
   * further than one epoch ahead of the digits: those of its last epoch alone can be made again.
   */
  | { type: 'recorded'; epoch: number }
  /**
   * Trains a few steps on a throw-away copy and answers `measured`. Refused with `requestFailed` while a run trains. With a budget
   * only the steps are measured, in about so many milliseconds from opening the engine on; `evaluationSeconds` is 0 then.
   */
  | {
      type: 'measure'
      request: number
      experiment: Experiment
      device: string
      dataFolder: string
      budgetMilliseconds?: number
    }
  | { type: 'devices'; request: number }
  /** Computes what PCA reaches on an experiment's data, or recalls it, and answers `baselineComputed`; takes seconds of a thread. */
  | { type: 'baseline'; request: number; experiment: Experiment; dataFolder: string; cacheFolder: string }
  | { type: 'quit' }

/** One complete epoch's losses, one entry a model. */
export interface EpochLosses {
  trainLoss: number[]
  valLoss: number[]
  valMse: number[]
}

/** What a few steps on this machine say of a training. */
export interface Measurement {
  /** Of the first batch group. */
  millisecondsPerStep: number
  evaluationSeconds: number
  /** From opening the engine to the first step. */
  preparationSeconds: number
}

export type TrainerEvent =
  | { type: 'ready' }
  /** Sent every second while the engine answers; 30 s of silence mean a hang. */
  | { type: 'alive' }
  /** History: the complete epochs that the checkpoint brought, oldest first; empty for a new run. The last is sent again as `epochEnded`. */
  | {
      type: 'started'
      dataset: DatasetInfo
      bounds: Bounds
      history: EpochLosses[]
      seconds: number
      device: FoundDevice
    }
  /** As StepProgress in shared/run. */
  | ({ type: 'progress' } & Omit<StepProgress, 'id'>)
  | ({ type: 'epochEnded'; epoch: number; digits: Uint8Array; seconds: number } & EpochLosses)
  | { type: 'paused' }
  | { type: 'resumed' }
  /** All epochs are trained and saved; their quality comes next, with `ended`. */
  | { type: 'finishing' }
  /** The end of a run, `finished` or `stopped`: quality over all test images with the last complete epoch's weights (null before the first). */
  | {
      type: 'ended'
      status: 'finished' | 'stopped'
      quality: Quality | null
      pcaMse: number[] | null
      seconds: number
    }
  | { type: 'failed'; error: LabErrorData }
  | ({ type: 'measured'; request: number } & Measurement)
  | { type: 'devicesFound'; request: number; devices: FoundDevice[] }
  /** Test MSE for as many components as the code of each series has units. */
  | { type: 'baselineComputed'; request: number; pcaMse: number[] }
  | { type: 'requestFailed'; request: number; error: LabErrorData }

// What the lab says to the trainer process and what it hears back: plain data, the same over utilityProcess and fork.
import type { FoundDevice } from '@shared/contract'
import type { LabErrorData } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import type { Quality } from './evaluate'
import type { Bounds, DatasetInfo, StepProgress } from '@shared/run'
import type { ClaimProof } from '../system/claim-file'

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
  /** The folder for the weights of epochs, and of every how many epochs they are kept; absent: of none. */
  weights?: { folder: string; every: number }
  /** By which the run's folder is claimed: the checkpoint is written only while it is. Absent where nobody else can take it. */
  claim?: ClaimProof
  /** Where computed PCA baselines are cached, keyed by the data's digest. */
  cacheFolder: string
  continues: boolean
  /** The losses of each epoch that run.json has, with which the checkpoint's must agree. */
  recorded?: EpochLosses[]
}

/** A run that has ended, by its last checkpoint; `recorded` are the losses of all epochs that run.json has. */
export type EndedRun = Pick<TrainJob, 'experiment' | 'device' | 'dataFolder' | 'cacheFolder' | 'checkpoint'> &
  Required<Pick<TrainJob, 'recorded'>>

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
  /** Measures what a run is worth that has ended, and answers `qualityMeasured`. Refused while a run trains, as `measure` is. */
  | ({ type: 'quality'; request: number } & EndedRun)
  /** Gives up what `quality` has asked for: it fails as `busy`. */
  | { type: 'cancel'; request: number }
  | { type: 'devices'; request: number }
  /** Computes an experiment's bounds, what PCA reaches among them, which may be recalled, and answers `baselineComputed`; takes seconds of a thread. */
  | { type: 'baseline'; request: number; experiment: Experiment; dataFolder: string; cacheFolder: string }
  | { type: 'quit' }

/** One complete epoch's losses, one entry a model. */
export interface EpochLosses {
  trainLoss: number[]
  valLoss: number[]
  valMse: number[]
}

/** What became of the weights of an epoch that are to be kept: the SHA-256 that their file bears of itself, or why there is none. */
export interface WrittenWeights {
  sha256: string | null
  problem: string | null
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
  /** Sent every second while the engine answers. After 30 s of silence in which it does not compute either, the trainer counts as hung. */
  | { type: 'alive' }
  /** History: the complete epochs that the checkpoint brought, oldest first; empty for a new run. The last is sent again as `epochEnded`. */
  | {
      type: 'started'
      dataset: DatasetInfo
      bounds: Bounds
      history: EpochLosses[]
      seconds: number
      device: FoundDevice
      /** Why the last checkpoint could not be read, where the one before has taken its place. */
      lost?: LabErrorData | null
    }
  /** As StepProgress in shared/run. */
  | ({ type: 'progress' } & Omit<StepProgress, 'id'>)
  /** The probes' reconstructions as they are after so many steps of the first epoch, [models × probes × size] uint8; nobody stores them. */
  | { type: 'digits'; epoch: number; step: number; digits: Uint8Array }
  /** Without `weights` where those of this epoch are not kept. */
  | ({
      type: 'epochEnded'
      epoch: number
      digits: Uint8Array
      weights?: WrittenWeights | null
      seconds: number
    } & EpochLosses)
  | { type: 'paused' }
  | { type: 'resumed' }
  /** All that will be trained is saved, and what the run has come to is known; its quality comes next, with `ended`. */
  | { type: 'finishing'; status: 'finished' | 'stopped' }
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
  /** PCA's test MSE is null where it could not be had. */
  | { type: 'qualityMeasured'; request: number; quality: Quality; pcaMse: number[] | null }
  | { type: 'devicesFound'; request: number; devices: FoundDevice[] }
  /** `pcaMse`: for as many components as the code of each series has units. */
  | { type: 'baselineComputed'; request: number; bounds: Bounds & { pcaMse: number[] } }
  | { type: 'requestFailed'; request: number; error: LabErrorData }

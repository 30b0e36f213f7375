// What the lab says to the trainer process and what it hears back: plain data, the same over utilityProcess and fork.
import type { DeviceInfo } from '@shared/contract'
import type { LabErrorData } from '@shared/errors'
import type { EngineName, Experiment } from '@shared/experiment'
import type { Bounds, DatasetInfo } from '@shared/run'

/** Names a run to train. With `resume` the checkpoint is loaded and training goes on after its last complete epoch. */
export interface TrainJob {
  id: string
  experiment: Experiment
  engine: EngineName
  device: string
  /** Folder of the four IDX files. */
  dataFolder: string
  /** Path of checkpoint.safetensors in the run folder; written after each epoch, before `epochEnded` is sent. */
  checkpoint: string
  /** Where computed PCA baselines are remembered, keyed by the data's digest. */
  cacheFolder: string
  resume: boolean
}

export type TrainerCommand =
  | { type: 'train'; job: TrainJob }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }
  /** Trains a few steps on a throw-away copy and answers `measured`. Refused with `requestFailed` while a run trains. */
  | { type: 'measure'; request: number; experiment: Experiment; engine: EngineName; device: string; dataFolder: string }
  | { type: 'devices'; request: number }
  | { type: 'quit' }

/** One complete epoch's losses, one entry a model. */
export interface EpochLosses {
  trainLoss: number[]
  valLoss: number[]
  valMse: number[]
}

export type TrainerEvent =
  | { type: 'ready' }
  /** Sent every second while the engine answers; 30 s of silence mean a hang. */
  | { type: 'alive' }
  /** History: the complete epochs that the checkpoint brought, oldest first; empty for a new run. The last is told again as `epochEnded`. */
  | {
      type: 'started'
      dataset: DatasetInfo
      bounds: Bounds
      history: EpochLosses[]
      seconds: number
      device: DeviceInfo
    }
  | { type: 'progress'; epoch: number; step: number; trainLoss: number[]; secondsPerEpoch: number; secondsLeft: number }
  | ({ type: 'epochEnded'; epoch: number; digits: Uint8Array; seconds: number } & EpochLosses)
  | { type: 'paused' }
  | { type: 'resumed' }
  /** The end of a run, `finished` or `stopped`: quality over all test images with the last complete epoch's weights (null before the first). */
  | {
      type: 'ended'
      status: 'finished' | 'stopped'
      quality: { psnr: number[]; ssim: number[] } | null
      pcaMse: number[] | null
      seconds: number
    }
  | { type: 'failed'; error: LabErrorData }
  | {
      type: 'measured'
      request: number
      millisecondsPerStep: number
      evaluationSeconds: number
      preparationSeconds: number
      memoryBytes: number
    }
  | { type: 'devicesFound'; request: number; devices: DeviceInfo[] }
  | { type: 'requestFailed'; request: number; error: LabErrorData }

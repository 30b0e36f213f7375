// What the lab says to the analysis process and what it hears back. A process does one job and ends; to cancel is to end it.
import type { Analysis, WantedAnalysis } from '@shared/analysis'
import type { LabErrorData } from '@shared/errors'
import type { Experiment } from '@shared/experiment'
import type { EpochLosses } from '../trainer/messages'

export type AnalysisJob = WantedAnalysis & {
  experiment: Experiment
  /** Path of checkpoint.safetensors, and the losses that run.json has of each epoch. */
  checkpoint: string
  recorded: EpochLosses[]
  /** Folder of the epochs' weights, and the SHA-256 of those of `epoch`; null where they are not kept. */
  weights: { folder: string; sha256: string | null }
  /** Folder of the data set's files. */
  dataFolder: string
}

export type AnalysisCommand = { type: 'analyse'; job: AnalysisJob }

export type AnalysisEvent =
  | { type: 'progress'; share: number; step: string }
  | { type: 'analysed'; analysis: Analysis }
  | { type: 'failed'; error: LabErrorData }

// What the lab says to the process that exports and what it hears back. A process does one job and ends; to cancel is to end it.
import type { LabErrorData } from '@shared/errors'
import type { RunFile } from '@shared/run'
import type { EpochLosses } from '../trainer/messages'

export interface ExportJob {
  file: RunFile
  /** Keys of formats. */
  formats: readonly string[]
  /** Where the models that are wanted stand among the run's. */
  models: readonly number[]
  /** Path of checkpoint.safetensors, and the losses that run.json has of each epoch. */
  checkpoint: string
  recorded: readonly EpochLosses[]
  /** Path of digits.bin. */
  digits: string
  /** Folder of the data set's files. */
  dataFolder: string
  /** Of this application. */
  version: string
}

/** `next` asks for the next file: so one at a time is in memory. */
export type ExportCommand = { type: 'export'; job: ExportJob } | { type: 'next' }

export type ExportEvent =
  { type: 'file'; name: string; content: Uint8Array } | { type: 'done' } | { type: 'failed'; error: LabErrorData }

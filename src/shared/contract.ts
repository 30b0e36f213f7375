// The one interface between a view and the lab: calls it may make, events it hears. Every argument is checked on arrival.
import * as v from 'valibot'
import { ExperimentSchema, NameSchema, type Experiment } from './experiment'
import type { DatasetInfo, RunSummary, RunView, StepProgress } from './run'

/** A device that training could run on, usable or not, as its engine found it. */
export interface FoundDevice {
  /** What `--device` takes: `cpu`, `webgpu`, `webgpu:<part of an adapter's name>`, `tensorflow-cpu`, `tensorflow-cuda`. */
  name: string
  /** For people, e.g. `CPU · 2 threads`. */
  title: string
  usable: boolean
  /** What makes it what it is, e.g. the processor's name; or why it can't be used, as a sentence. */
  detail: string
  /** What would make it usable, as a sentence; empty where it is usable or nothing would. */
  remedy: string
  /** What drives it and in which version, e.g. `NVIDIA 550.54`; empty where there is none or it is not known. */
  driver: string
  /** Version of the engine's runtime, e.g. `1.30.0`; empty where it could not be loaded. */
  runtimeVersion: string
  /** True of a software adapter, which computes on the processor what a GPU would: used where it is named, never measured or chosen by itself. */
  software?: boolean
}

/** A device and what is known of it on this machine. */
export interface DeviceInfo extends FoundDevice {
  /** Of the `article` preset with all six models; null until it was measured. */
  millisecondsPerStep: number | null
  /** What a run takes that leaves the choice to the lab; true of one device at most. */
  isDefault: boolean
  /** How it failed last, as a sentence; empty where it did not since it was measured. */
  lastFailure: string
}

/** A folder that an older version left and nothing uses any more. */
export interface Leftovers {
  folder: string
  bytes: number
}

/** The lab as it is when it is asked: devices, runs folder and leftovers may change while the application runs. */
export interface LabInfo {
  version: string
  dataset: DatasetInfo
  devices: DeviceInfo[]
  /** The folder that holds the run folders. */
  runsFolder: string
  /** Null where an older version left nothing. */
  leftovers: Leftovers | null
  versions: Record<string, string>
  /** How a command is started here: by npm in a clone, by its own name in an installed application. */
  program: string
}

/** A measured guess for an experiment that has not started. */
export interface Estimate {
  millisecondsPerStep: number
  steps: number
  /** The whole run, validation and preparation included. */
  seconds: number
  /** Memory of the trainer in bytes, and what the run folder will hold in the end. */
  memoryBytes: number
  diskBytes: number
}

/** The fixed test digits: pixels [20 × pixels of an image] uint8, their labels and their indices among the test images. */
export interface Probes {
  pixels: Uint8Array
  labels: number[]
  indices: number[]
}

/** Reconstructions of the probes: pixels [epochs × models × 20 × pixels of an image] uint8 from epoch `firstEpoch` on. */
export interface DigitHistory {
  firstEpoch: number
  epochs: number
  models: number
  pixels: Uint8Array
}

export interface Settings {
  theme: 'system' | 'light' | 'dark'
  /** Where run folders live; null: the platform's data folder. */
  runsFolder: string | null
}

export interface EpochEnded {
  id: string
  epoch: number
  trainLoss: number[]
  valLoss: number[]
  valMse: number[]
  /** [models × 20 × pixels of an image] uint8. */
  digits: Uint8Array
}

/** Calls; each rejects with a LabError. Every change that a call causes is an event. */
export interface LabCalls {
  describe(): Promise<LabInfo>
  /** Asks the trainer anew where training could happen; `describe` answers from the last time it was asked. */
  lookForDevices(): Promise<DeviceInfo[]>
  listRuns(): Promise<RunSummary[]>
  openRun(id: string): Promise<RunView>
  readProbes(): Promise<Probes>
  /** Epochs are counted from 1, at most 100 a call; what is not there yet is left out. */
  readDigits(id: string, firstEpoch: number, lastEpoch: number): Promise<DigitHistory>
  /** Measures every usable device, in about 3 s. Rejects as `busy` while a run trains. */
  measureDevices(): Promise<DeviceInfo[]>
  /** Deletes what `describe` names as leftovers. */
  removeLeftovers(): Promise<void>
  /** Trains a few steps to measure; while a run trains, answers from that run's pace or the last measurement. */
  estimate(experiment: Experiment, device: string | null): Promise<Estimate>
  /**
   * Starts, or queues behind the run that trains; answers with the new run's id. Without a device the fastest usable one is chosen,
   * those not measured yet being measured first.
   */
  startRun(experiment: Experiment, device: string | null): Promise<string>
  /** Without a device, on the one that the run had, or on the fastest where that can't be used. */
  continueRun(id: string, device?: string | null): Promise<void>
  pauseRun(id: string): Promise<void>
  resumeRun(id: string): Promise<void>
  /** Ends a run at the next batch and keeps its complete epochs; takes a queued one out of the queue. */
  stopRun(id: string): Promise<void>
  renameRun(id: string, name: string): Promise<void>
  /** Moves the run folder aside; `restoreRun` brings it back until the application ends. */
  deleteRun(id: string): Promise<void>
  restoreRun(id: string): Promise<void>
  /** Writes report.pdf into the run folder and answers with its bytes. */
  exportReport(id: string): Promise<Uint8Array>
  readSettings(): Promise<Settings>
  writeSettings(settings: Settings): Promise<void>
  /** Plain text for a bug report: versions, devices, settings, the tail of the log. */
  diagnostics(): Promise<string>
}

export interface LabEvents {
  /** A run began, ended, changed its state or its name. */
  runChanged(run: RunSummary): void
  runRemoved(id: string): void
  stepProgress(progress: StepProgress): void
  epochEnded(epoch: EpochEnded): void
  settingsChanged(settings: Settings): void
  /** One was measured, failed, or was looked for anew. */
  devicesChanged(devices: DeviceInfo[]): void
}

// Messages are written as issue.ts takes them apart.
const idRefusal = 'run id: expected 1 to 64 small letters, digits and dashes'
const epochRefusal = 'epoch: expected a whole number from 1 to 1,000'
const deviceRefusal = 'device: expected the name of a device'
const folderRefusal = 'runs folder: expected a path of at most 1,024 characters'

const runId = v.pipe(v.string(idRefusal), v.regex(/^[a-z0-9-]{1,64}$/, idRefusal))
const epoch = v.pipe(
  v.number(epochRefusal),
  v.check((x) => Number.isInteger(x) && x >= 1 && x <= 1000, epochRefusal)
)
const device = v.pipe(v.string(deviceRefusal), v.minLength(1, deviceRefusal), v.maxLength(80, deviceRefusal))
const chosenDevice = v.nullable(device)

/** Schema of the arguments of each call, as a tuple. A call that is not listed here does not exist. */
export const callArguments = {
  describe: v.strictTuple([]),
  lookForDevices: v.strictTuple([]),
  listRuns: v.strictTuple([]),
  openRun: v.strictTuple([runId]),
  readProbes: v.strictTuple([]),
  readDigits: v.strictTuple([runId, epoch, epoch]),
  measureDevices: v.strictTuple([]),
  removeLeftovers: v.strictTuple([]),
  estimate: v.strictTuple([ExperimentSchema, chosenDevice]),
  startRun: v.strictTuple([ExperimentSchema, chosenDevice]),
  continueRun: v.strictTuple([runId, v.optional(chosenDevice)]),
  pauseRun: v.strictTuple([runId]),
  resumeRun: v.strictTuple([runId]),
  stopRun: v.strictTuple([runId]),
  renameRun: v.strictTuple([runId, NameSchema]),
  deleteRun: v.strictTuple([runId]),
  restoreRun: v.strictTuple([runId]),
  exportReport: v.strictTuple([runId]),
  readSettings: v.strictTuple([]),
  writeSettings: v.strictTuple([
    v.strictObject({
      theme: v.picklist(['system', 'light', 'dark'], 'theme: expected system, light, dark'),
      runsFolder: v.nullable(v.pipe(v.string(folderRefusal), v.maxLength(1024, folderRefusal)))
    })
  ]),
  diagnostics: v.strictTuple([])
} satisfies Record<keyof LabCalls, v.GenericSchema>

export const eventNames = [
  'runChanged',
  'runRemoved',
  'stepProgress',
  'epochEnded',
  'settingsChanged',
  'devicesChanged'
] as const satisfies readonly (keyof LabEvents)[]

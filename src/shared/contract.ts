// The one interface between a view and the lab: calls it may make, events it hears. Every argument is checked on arrival.
import * as v from 'valibot'
import { AnalysisRequestSchema, type Analysis, type AnalysisProgress, type AnalysisRequest } from './analysis'
import {
  DatasetNameSchema,
  ImageChangesSchema,
  UploadPartsSchema,
  UploadSizeSchema,
  type AddedDataset,
  type DatasetList,
  type ImageChanges,
  type Inspection,
  type UploadPart,
  type UploadSize
} from './dataset'
import type { EpochWeights } from './epoch-weights'
import { ExperimentSchema, MOST_MODELS, NameSchema, type Experiment } from './experiment'
import type { LabErrorData } from './errors'
import {
  ExportRequestSchema,
  type ExportChoices,
  type ExportedFile,
  type ExportProgress,
  type ExportRequest
} from './exports'
import { MOST_TITLE_CHARACTERS } from './figure-options'
import { formatCount } from './format'
import { MOST_EPOCHS } from './hyperparameters'
import { plainText } from './plain-text'
import type { DatasetInfo, RunSummary, RunView, StepProgress } from './run'
import { RunNotesSchema, type RunNotes } from './run-notes'
import { LONGEST_LIST } from './session'
import type { ReportCheck } from './report-check'
import { MOST_REPORTED, reportFiles, ReportOptionsSchema, type ReportFile, type ReportOptions } from './report-options'
import { SettingsSchema, type Settings } from './settings'

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
  /** The data set that comes with the application. */
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

/** What lies where the lab looks and can't be read: a run folder, or the settings. */
export interface Unreadable {
  path: string
  /** Its sentence names the file, the reason and the remedy. */
  error: LabErrorData
}

/** A measured guess for an experiment that has not started. */
export interface Estimate {
  millisecondsPerStep: number
  /** How fast it is by: a trial of a few steps, or a run that trains or has trained; and when that was, ISO 8601. */
  source: 'trial' | 'training'
  measuredAt: string
  steps: number
  /** The whole run, validation and preparation included. */
  seconds: number
  /** Memory of the trainer in bytes, and what the run folder will hold in the end. */
  memoryBytes: number
  diskBytes: number
  /** Of every how many epochs the weights are kept; 0: of none. */
  weightsEvery: number
}

/** The fixed test images: pixels [20 × pixels of an image] uint8, their labels and their indices among the test images. */
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

/** What is to be added: files of the user under a name, or a well-known data set, from this computer (null: from where it is known to lie). */
export type NewDataset =
  | { path: string; name: string; title?: string; changes: ImageChanges }
  | { wellKnown: 'fashion-mnist'; from: string | null }

/** How far the reading of data or the import of a run is, in whatever is counted there. */
export interface DataProgress {
  done: number
  total: number
}

/** The test images of a data set: pixels [count × rows × columns] uint8, labels [count] from 0. */
export interface TestImages {
  pixels: Uint8Array
  labels: Uint8Array
  rows: number
  columns: number
}

/** What became of runs that were to go on after a crash: ids in the order of the queue, and why the others can't. */
export interface ContinuedRuns {
  continued: string[]
  failed: { id: string; name: string; error: LabErrorData }[]
}

/** What the models draw in the midst of an epoch, several times in the first one: digits as in EpochEnded. */
export interface DigitsArrived {
  id: string
  epoch: number
  /** Batches done in it by then, as in StepProgress. */
  step: number
  digits: Uint8Array
}

export interface EpochEnded {
  id: string
  epoch: number
  trainLoss: number[]
  valLoss: number[]
  valMse: number[]
  /** [models × 20 × pixels of an image] uint8. */
  digits: Uint8Array
  /** Training time until its end, as run.json has it in `epochSeconds`. */
  seconds: number | null
}

/** A run that has come from elsewhere, and which of its parts are not whole: run.json always is. */
export interface ImportedRun {
  id: string
  problems: { part: string; detail: string }[]
  /** Where a file holds the very run that is among the others already: nothing was copied. */
  isThere?: boolean
}

/** Bytes that a run's folder takes on the disk; `weights` are those of earlier epochs. */
export interface RunStorage {
  id: string
  checkpoints: number
  digits: number
  weights: number
  other: number
}

/** Calls; each rejects with a LabError. Every change that a call causes is an event. */
export interface LabCalls {
  describe(): Promise<LabInfo>
  /** Asks the trainer anew where training could happen; `describe` answers from the last time it was asked. */
  lookForDevices(): Promise<DeviceInfo[]>
  listRuns(): Promise<RunSummary[]>
  /** What `listRuns` leaves out, and why; and the settings, where not all of them can be read. */
  listUnreadable(): Promise<Unreadable[]>
  openRun(id: string): Promise<RunView>
  /** Of a data set by its name. Rejects as `not-found` where there is none of that name now. */
  readProbes(dataset: string): Promise<Probes>
  /**
   * Epochs from 0, the untrained models', which are there while the run waits; at most 100 a call and at most 32 MiB. What is not there yet
   * is left out.
   */
  readDigits(id: string, firstEpoch: number, lastEpoch: number): Promise<DigitHistory>
  /** Of the data set of this name, as run.json has it in `experiment.dataset`: some 8 MB for MNIST. */
  readTestImages(dataset: string): Promise<TestImages>
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
  /** Those of `ids` (null: all) that a crash has interrupted go on, the oldest first; no other run is touched. */
  continueInterrupted(ids: string[] | null): Promise<ContinuedRuns>
  pauseRun(id: string): Promise<void>
  resumeRun(id: string): Promise<void>
  /** Ends a run at the next batch and keeps its complete epochs; takes a queued one out of the queue. */
  stopRun(id: string): Promise<void>
  renameRun(id: string, name: string): Promise<void>
  /** Moves the run folder aside; `restoreRun` brings it back until the application ends. */
  deleteRun(id: string): Promise<void>
  restoreRun(id: string): Promise<void>
  /**
   * The report of a run, or of several compared, as a PDF, or its source for Typst as a ZIP; writes nothing. What is left out of the options
   * is as in the settings.
   */
  exportReport(ids: string[], options?: Partial<ReportOptions>, form?: ReportFile): Promise<Uint8Array>
  /** The same report's pages one below another, as the text of an SVG file. */
  previewReport(ids: string[], options?: Partial<ReportOptions>): Promise<string>
  /**
   * Whether the report in the PDF at `path`, a whole path on the lab's disk, is as it was written, and what it reports. Rejects as `bad-file`
   * where the file is no report, `not-found`. While a run trains, what takes longer is not computed anew.
   */
  verifyReport(path: string): Promise<ReportCheck>
  /**
   * A picture as a PDF of one page that is exactly as large, its text searchable; SVG's units are points. `upload`: the id under which the
   * SVG file was sent, at most 8 MB, which is gone afterwards. Rejects as `bad-value` where it is no SVG that stands alone.
   */
  figurePdf(upload: string, title: string): Promise<Uint8Array>
  /** What of the run can be exported for other tools: formats, models, names of files, and how they are opened there. */
  exportChoices(id: string): Promise<ExportChoices>
  /**
   * The chosen formats of the chosen models as one file, a ZIP where they are several; writes nothing. At most 190 MB; one export after
   * another, and one of a run at a time: `exportProgress` tells how far it is.
   */
  exportRun(id: string, request: ExportRequest): Promise<ExportedFile>
  /** Ends the export of the run that is under way; it rejects as `busy`. */
  cancelExport(id: string): Promise<void>
  /** Replaces the user's tags and note of a run, whoever trains it. */
  noteRun(id: string, notes: RunNotes): Promise<void>
  /** Where the run lies on the lab's disk. */
  runFolder(id: string): Promise<string>
  /** Checks the run folder at `path`, a whole path on the lab's disk, and copies it into the runs folder. One at a time: `importProgress` tells how far it is. */
  importRun(path: string): Promise<ImportedRun>
  /** Ends the import that is under way; it rejects as `busy` and leaves nothing behind. */
  cancelImport(): Promise<void>
  measureStorage(): Promise<RunStorage[]>
  /** What `analyse` has computed of that epoch; null where it would have to be computed. */
  readAnalysis(id: string, request: AnalysisRequest): Promise<Analysis | null>
  /**
   * Analyses an epoch of the run whose weights are kept, in a process of low priority, one after another; what was computed before is
   * answered at once. Null where it was cancelled, or a training began meanwhile.
   */
  analyse(id: string, request: AnalysisRequest): Promise<Analysis | null>
  /** Gives up that analysis of the run, computed or waiting; all of them where none is named. */
  cancelAnalysis(id: string, request?: AnalysisRequest | null): Promise<void>
  readSettings(): Promise<Settings>
  writeSettings(settings: Settings): Promise<void>
  /** Plain text for a bug report: versions, devices, settings, the tail of the log. */
  diagnostics(): Promise<string>
  listDatasets(): Promise<DatasetList>
  /** Reads a file or folder of images without adding it, which may take a while: `dataProgress` tells how far it is. One at a time. */
  inspectData(path: string): Promise<Inspection>
  /** Reads and copies it into the application's data. One at a time, inspections included. */
  addDataset(request: NewDataset): Promise<AddedDataset>
  /**
   * Begins to send files whose path the page can't know; answers with an id. Rejects as `bad-value` where they are too large, as `busy` where
   * this page has four uploads already or others take the room.
   */
  beginUpload(size: UploadSize): Promise<string>
  /** Sends the next pieces, in order; a piece goes on with the file of the one before it where both have the same path. */
  sendPieces(id: string, parts: UploadPart[]): Promise<void>
  /** Answers with the path of what was sent, which `inspectData` and `addDataset` take. It is removed when it is added, given up, or the page goes. */
  endUpload(id: string): Promise<string>
  dropUpload(id: string): Promise<void>
  /** Ends the inspection or addition that is under way; it rejects as `busy`. */
  cancelReading(): Promise<void>
  /** Rejects as `busy` where a run that could go on needs it. */
  removeDataset(name: string): Promise<void>
  /**
   * The weights after an epoch, or after the nearest one before it whose weights are there: those of a kept epoch, of the checkpoint's, or
   * of the untrained models. `models`: where those that are wanted stand among the run's, in any order; absent: all. At most 32 MiB, but
   * always one model.
   */
  readWeights(id: string, epoch: number, models?: number[] | null): Promise<EpochWeights>
}

export interface LabEvents {
  /** A run began, ended, changed its state or its name. */
  runChanged(run: RunSummary): void
  runRemoved(id: string): void
  stepProgress(progress: StepProgress): void
  epochEnded(epoch: EpochEnded): void
  /** The newest digits of the epoch under way. */
  digitsArrived(digits: DigitsArrived): void
  settingsChanged(settings: Settings): void
  /** One was measured, failed, or was looked for anew. */
  devicesChanged(devices: DeviceInfo[]): void
  datasetsChanged(list: DatasetList): void
  /** At most five times a second. */
  dataProgress(progress: DataProgress): void
  /** At most five times a second. */
  importProgress(progress: DataProgress): void
  /** At most five times a second. */
  exportProgress(progress: ExportProgress): void
  analysisProgress(progress: AnalysisProgress): void
}

// Messages are written as issue.ts takes them apart.
const idRefusal = 'run id: expected 1 to 64 small letters, digits and dashes'
const epochRefusal = `epoch: expected a whole number from 0 to ${formatCount(MOST_EPOCHS)}`
const deviceRefusal = 'device: expected the name of a device'

const modelRefusal = `models: expected 1 to ${MOST_MODELS} whole numbers from 0`
const isIndex = (x: number, count: number) => Number.isInteger(x) && x >= 0 && x < count

const runId = v.pipe(v.string(idRefusal), v.regex(/^[a-z0-9-]{1,64}$/, idRefusal))
const epoch = v.pipe(
  v.number(epochRefusal),
  v.check((x) => Number.isInteger(x) && x >= 0 && x <= MOST_EPOCHS, epochRefusal)
)
const device = v.pipe(v.string(deviceRefusal), v.minLength(1, deviceRefusal), v.maxLength(80, deviceRefusal))
const pathRefusal = 'path: expected one of at most 1,024 characters'
const path = v.pipe(v.string(pathRefusal), v.minLength(1, pathRefusal), v.maxLength(1024, pathRefusal))
const uploadRefusal = 'upload: expected an id that beginUpload has answered with'
const uploadId = v.pipe(v.string(uploadRefusal), v.regex(/^[0-9a-f]{32}$/, uploadRefusal))
const chosenDevice = v.nullable(device)
const titleRefusal = 'title: expected at most 200 characters'
const newDataset = v.union(
  [
    v.strictObject({
      path,
      name: DatasetNameSchema,
      title: v.optional(v.pipe(v.string(titleRefusal), v.transform(plainText), v.maxLength(200, titleRefusal))),
      changes: ImageChangesSchema
    }),
    v.strictObject({ wellKnown: v.literal('fashion-mnist'), from: v.nullable(path) })
  ],
  'data set: expected a path, a name and changes, or a well-known name'
)
const chosenModels = v.pipe(
  v.array(
    v.pipe(
      v.number(modelRefusal),
      v.check((x) => isIndex(x, MOST_MODELS), modelRefusal)
    ),
    modelRefusal
  ),
  v.minLength(1, modelRefusal),
  v.maxLength(MOST_MODELS, modelRefusal)
)

const figureRefusal = `figure title: expected text of at most ${formatCount(MOST_TITLE_CHARACTERS)} characters`
const figureTitle = v.pipe(v.string(figureRefusal), v.maxLength(MOST_TITLE_CHARACTERS, figureRefusal))

const reportedRuns = v.pipe(v.array(runId), v.minLength(1), v.maxLength(MOST_REPORTED))

/** Schema of the arguments of each call, as a tuple. A call that is not listed here does not exist. */
export const callArguments = {
  describe: v.strictTuple([]),
  lookForDevices: v.strictTuple([]),
  listRuns: v.strictTuple([]),
  listUnreadable: v.strictTuple([]),
  openRun: v.strictTuple([runId]),
  readProbes: v.strictTuple([DatasetNameSchema]),
  readDigits: v.strictTuple([runId, epoch, epoch]),
  readTestImages: v.strictTuple([DatasetNameSchema]),
  measureDevices: v.strictTuple([]),
  removeLeftovers: v.strictTuple([]),
  estimate: v.strictTuple([ExperimentSchema, chosenDevice]),
  startRun: v.strictTuple([ExperimentSchema, chosenDevice]),
  continueRun: v.strictTuple([runId, v.optional(chosenDevice)]),
  continueInterrupted: v.strictTuple([v.nullable(v.pipe(v.array(runId), v.maxLength(LONGEST_LIST)))]),
  pauseRun: v.strictTuple([runId]),
  resumeRun: v.strictTuple([runId]),
  stopRun: v.strictTuple([runId]),
  renameRun: v.strictTuple([runId, NameSchema]),
  deleteRun: v.strictTuple([runId]),
  restoreRun: v.strictTuple([runId]),
  exportReport: v.strictTuple([
    reportedRuns,
    v.optional(v.partial(ReportOptionsSchema)),
    v.optional(v.picklist(reportFiles))
  ]),
  previewReport: v.strictTuple([reportedRuns, v.optional(v.partial(ReportOptionsSchema))]),
  verifyReport: v.strictTuple([path]),
  figurePdf: v.strictTuple([uploadId, figureTitle]),
  exportChoices: v.strictTuple([runId]),
  exportRun: v.strictTuple([runId, ExportRequestSchema]),
  cancelExport: v.strictTuple([runId]),
  noteRun: v.strictTuple([runId, RunNotesSchema]),
  runFolder: v.strictTuple([runId]),
  importRun: v.strictTuple([path]),
  cancelImport: v.strictTuple([]),
  measureStorage: v.strictTuple([]),
  readAnalysis: v.strictTuple([runId, AnalysisRequestSchema]),
  analyse: v.strictTuple([runId, AnalysisRequestSchema]),
  cancelAnalysis: v.strictTuple([runId, v.optional(v.nullable(AnalysisRequestSchema))]),
  readSettings: v.strictTuple([]),
  writeSettings: v.strictTuple([SettingsSchema]),
  diagnostics: v.strictTuple([]),
  listDatasets: v.strictTuple([]),
  inspectData: v.strictTuple([path]),
  addDataset: v.strictTuple([newDataset]),
  beginUpload: v.strictTuple([UploadSizeSchema]),
  sendPieces: v.strictTuple([uploadId, UploadPartsSchema]),
  endUpload: v.strictTuple([uploadId]),
  dropUpload: v.strictTuple([uploadId]),
  cancelReading: v.strictTuple([]),
  removeDataset: v.strictTuple([DatasetNameSchema]),
  readWeights: v.strictTuple([runId, epoch, v.optional(v.nullable(chosenModels))])
} satisfies Record<keyof LabCalls, v.GenericSchema>

export const eventNames = [
  'runChanged',
  'runRemoved',
  'stepProgress',
  'epochEnded',
  'digitsArrived',
  'settingsChanged',
  'devicesChanged',
  'datasetsChanged',
  'dataProgress',
  'importProgress',
  'exportProgress',
  'analysisProgress'
] as const satisfies readonly (keyof LabEvents)[]

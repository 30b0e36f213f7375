// A run as it stands in its folder (run.json) and as views see it.
import * as v from 'valibot'
import { errorKinds, type LabErrorData } from './errors'
import { epochsOf, ExperimentSchema, MOST_MODELS } from './experiment'
import { MOST_EPOCHS, type HyperparameterKey } from './hyperparameters'

/** What this version writes; run-migrations.ts makes it of older formats. */
export const RUN_FORMAT = 2

/** The fixed test images whose reconstruction is kept at every epoch: the article's first ten, then one of each class. */
export const PROBE_COUNT = 20

/** Bounds on what may come from others; what the application writes stays far below them. A list is counted before its items are looked at. */
export const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
export const list = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(v.instance(Array<unknown>), v.maxLength(most), v.array(item))
export const MOST_SEGMENTS = 1000
const LONGEST_SENTENCE = 20_000

/** JSON has 1e999, which is infinite. */
const number = v.pipe(v.number(), v.finite())
/** NaN and infinity become null in JSON. Looked at in one go: a list of runs has a million. */
const losses = v.pipe(
  v.instance(Array<number | null>),
  v.maxLength(MOST_EPOCHS),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const list = dataset.value
    const key = list.findIndex((loss) => loss !== null && !Number.isFinite(loss))
    if (key >= 0)
      addIssue({ expected: 'number', path: [{ type: 'array', origin: 'value', input: list, key, value: list[key] }] })
  })
)
/** NaN until training has started, which is null in JSON. */
const bound = v.pipe(
  v.nullable(number),
  v.transform((value) => value ?? NaN)
)
const LabErrorSchema = v.object({
  kind: v.picklist(errorKinds),
  problem: text(LONGEST_SENTENCE),
  found: text(LONGEST_SENTENCE),
  expected: text(LONGEST_SENTENCE),
  remedy: text(LONGEST_SENTENCE)
})

/** Quality over all test images with the weights of the last complete epoch. PSNR in dB, the rest without unit. */
export const MetricsSchema = v.object({
  /** Binary cross-entropy in nats, and mean squared error: means over images and pixels, whatever the loss; bce is null until training has ended where it is not the loss. */
  bce: v.nullable(number),
  mse: number,
  /** Mean over images of 10·log10(1 / MSE); null until training has ended. */
  psnr: v.nullable(number),
  /** Mean over images, Wang et al. 2004: Gaussian 11×11, σ 1.5, data range 1; null until training has ended. */
  ssim: v.nullable(number),
  /** (mean digit − validation loss) / (mean digit − perfect copy), below 0 where it is worse than the mean digit (older versions wrote 0). Of a series: by the mean loss of its models. */
  gapClosed: number
})

export const RunModelSchema = v.object({
  /** As ModelConfig has it: unique in the run, names its tensors in the checkpoint. */
  id: text(2000),
  /** Of its series: `d=2`, the same with every seed. */
  name: text(2000),
  rank: number,
  seed: number,
  latentDim: number,
  parameters: number,
  /**
   * One entry an epoch. trainLoss: mean of the model's own loss over the epoch's batches while training; valLoss: the run's loss (lossOf)
   * over all test images with the weights at its end; valMse: the same in squared error. A model of fewer epochs keeps its last values.
   */
  history: v.object({ trainLoss: losses, valLoss: losses, valMse: losses }),
  /** Null before the first epoch has ended. */
  metrics: v.nullable(MetricsSchema)
})

/** Pixels of an image's side. */
const side = v.pipe(number, v.safeInteger(), v.minValue(1))

export const DatasetInfoSchema = v.object({
  name: text(2000),
  title: text(2000),
  licence: text(2000),
  citation: text(2000),
  /** Of the four IDX files one after another: train images, train labels, test images, test labels. */
  sha256: text(2000),
  trainCount: number,
  testCount: number,
  rows: side,
  columns: side,
  /** Names of the classes by their labels; absent of runs by older versions, whose classes are the digits 0 to 9. */
  classes: v.optional(list(text(200), 256))
})

/** What the data alone says about any model, computed from it. */
export const BoundsSchema = v.object({
  /** The run's loss of an exact copy of every test image: the least any model can reach. */
  perfectCopy: bound,
  /** The run's loss of answering the mean of the images trained on to every test image. */
  meanDigit: bound,
  /** One a series: test MSE of PCA with as many components as its code has units, fitted on the images that the models train on; null until computed. */
  pcaMse: v.nullable(list(number, MOST_MODELS))
})

/** The epochs of a run that one device trained, up to the next segment or the end. */
export const TrainingSegmentSchema = v.object({
  /** As `--device` names it. Of runs by older versions the engine's name stands before it, `onnxruntime cuda`. */
  device: text(2000),
  /** For people, e.g. `CPU · 2 threads`. */
  title: text(2000),
  /** What it is, e.g. `CPU · 2 threads, AMD EPYC, AVX2`; empty until training has started there. */
  hardware: text(2000),
  /** The first epoch that it trained, from 1. */
  firstEpoch: number,
  /** Why there, e.g. `fastest of 3 measured` or `chosen by you`. */
  why: text(2000),
  /** How it failed, where that is why the run went on on another. */
  error: v.nullable(LabErrorSchema)
})

/** As `toISOString` writes it, which every version has used: any other could be no date, or sort wrongly. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/
const time = v.pipe(
  v.string(),
  v.check(
    (moment) => TIME.test(moment) && !Number.isNaN(Date.parse(moment)),
    'time: expected one like 2026-11-30T10:00:00.000Z'
  )
)

const runStatuses = ['running', 'finished', 'stopped', 'failed'] as const

export const KeptWeightsSchema = v.object({
  /** Those of every so many epochs, counted back from the last planned one (epoch-weights.ts); 0: there was no room for any. */
  every: v.pipe(number, v.safeInteger(), v.minValue(0), v.maxValue(MOST_EPOCHS)),
  /** SHA-256 that the file of each epoch bears of itself, in hex; null of one that is not kept, not written yet or could not be. */
  sha256: list(v.nullable(text(64)), MOST_EPOCHS),
  /** Why some could not be written, as a sentence; null while all were. */
  problem: v.nullable(text(LONGEST_SENTENCE))
})

/** run.json. `format`, `experiment`, `device`, `status`, `models` and `seconds` are fixed for other tools. */
export const RunFileSchema = v.object({
  format: v.literal(RUN_FORMAT),
  id: text(2000),
  experiment: ExperimentSchema,
  /** Where it trains or trained last. */
  device: text(2000),
  /** In order; at least one, of which the last is on `device`. */
  segments: v.pipe(list(TrainingSegmentSchema, MOST_SEGMENTS), v.minLength(1)),
  status: v.picklist(runStatuses),
  models: list(RunModelSchema, MOST_MODELS),
  /** Training time in seconds, all parts of a continued run added; without pauses, and without what the trainer was stopped or slept. */
  seconds: number,
  /** `seconds` as they stood at the end of each epoch; absent or null where an older version trained it. */
  epochSeconds: v.optional(list(v.nullable(v.pipe(number, v.minValue(0))), MOST_EPOCHS)),
  /** ISO 8601, UTC. */
  createdAt: time,
  endedAt: v.nullable(time),
  error: v.nullable(LabErrorSchema),
  dataset: DatasetInfoSchema,
  bounds: BoundsSchema,
  /** SHA-256 of each epoch's digits, in hex; absent or null where an older version wrote them, or they are being written. */
  digitsSha256: v.optional(list(v.nullable(text(64)), MOST_EPOCHS)),
  /** The weights of epochs in the folder `weights`; absent where a setting or an older version keeps none. */
  weights: v.optional(KeptWeightsSchema),
  versions: v.pipe(v.record(text(200), text(1000)), v.maxEntries(64))
})
export type RunFile = v.InferOutput<typeof RunFileSchema>
export type KeptWeights = v.InferOutput<typeof KeptWeightsSchema>
export type TrainingSegment = v.InferOutput<typeof TrainingSegmentSchema>
export type RunModel = v.InferOutput<typeof RunModelSchema>
export type Metrics = v.InferOutput<typeof MetricsSchema>
export type Bounds = v.InferOutput<typeof BoundsSchema>
export type DatasetInfo = v.InferOutput<typeof DatasetInfoSchema>

/** What a run is doing now. `finishing`: all epochs are trained, and what they are worth is measured. `interrupted`: run.json says running but nobody trains it (a crash, a kill). */
export const runStates = [
  'queued',
  'preparing',
  'running',
  'paused',
  'stopping',
  'finishing',
  'finished',
  'stopped',
  'failed',
  'interrupted'
] as const
export type RunState = (typeof runStates)[number]

/** Progress inside an epoch, at most four times a second. */
export interface StepProgress {
  id: string
  /** The epoch being trained, from 1. */
  epoch: number
  /** Batches done in it, and all that it has, those of all batch groups. */
  step: number
  stepsPerEpoch: number
  /** Mean training loss of each model over the batches of the epoch until now; NaN before a model's first. */
  partialTrainLoss: number[]
  /** Both zero while the first calls say little of those to come. */
  secondsPerEpoch: number
  secondsLeft: number
}

/** One line of the run list. */
export interface RunSummary {
  id: string
  name: string
  state: RunState
  createdAt: string
  epochsDone: number
  epochs: number
  device: string
  /** The name of its data set. */
  dataset: string
  /** False while its last complete epoch's quality is not known. */
  measured: boolean
  /** What tells its series apart. */
  varied: HyperparameterKey
  /** Short labels of its series in the order of their ranks. */
  series: string[]
  /** Gap closed by each series after its last epoch, below 0 where it is worse than the mean digit; empty before the first. */
  gapClosed: number[]
  /** Short labels of the series that have diverged after the last epoch (divergence.ts). */
  diverged: string[]
  error: RunFile['error']
  /** As the user has noted them (run-notes.ts). */
  tags: string[]
  note: string
  /** What a search finds it by beside the rest of this line (run-search.ts). */
  terms: string[]
}

/** A run as a view opens it: the file, what it is doing, and where its epoch stands. */
export interface RunView {
  file: RunFile
  state: RunState
  progress: StepProgress | null
  /** The process other than the lab's own that works on it, e.g. `process 5385 on vm`; null where there is none. */
  owner: string | null
  /** Why the run's data set can't be used, where it is gone or another: it can't go on then, and its test images can't be shown. */
  dataProblem?: LabErrorData | null
}

/** Whether progress has a pace: not before the trainer knows one. */
export function isPaceKnown({ secondsPerEpoch }: StepProgress): boolean {
  return secondsPerEpoch > 0
}

/** Epochs that are complete in every model. */
export function epochsDone(file: Pick<RunFile, 'models'>): number {
  return file.models[0]?.history.valLoss.length ?? 0
}

/** Values of the digits that are kept of an epoch, a byte each: [models × 20 × pixels of an image]. */
export function digitBytes({ models, dataset }: Pick<RunFile, 'models' | 'dataset'>): number {
  return models.length * PROBE_COUNT * dataset.rows * dataset.columns
}

/** Whether every epoch that was asked for is complete: what is left to do is to measure. */
export function areAllTrained(file: Pick<RunFile, 'models' | 'experiment'>): boolean {
  return epochsDone(file) >= epochsOf(file.experiment)
}

/** Whether a run has complete epochs whose quality nobody has measured yet. */
export function isUnmeasured({ models }: Pick<RunFile, 'models'>): boolean {
  return models.some(({ metrics }) => metrics !== null && metrics.psnr === null)
}

/** States in which a trainer works on the run or will. */
export function isActive(state: RunState): boolean {
  return ['queued', 'preparing', 'running', 'paused', 'stopping', 'finishing'].includes(state)
}

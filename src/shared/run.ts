// A run as it stands in its folder (run.json) and as views see it.
import * as v from 'valibot'
import { errorKinds } from './errors'
import { ExperimentSchema } from './experiment'

/** What this version writes; run-migrations.ts makes it of older formats. */
export const RUN_FORMAT = 2

/** The fixed test digits whose reconstruction is kept at every epoch: the article's first ten, then the first of each class. */
export const PROBE_COUNT = 20

const loss = v.nullable(v.number()) // NaN and infinity become null in JSON
/** NaN until training has started, which is null in JSON. */
const bound = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? NaN)
)
const LabErrorSchema = v.object({
  kind: v.picklist(errorKinds),
  problem: v.string(),
  found: v.string(),
  expected: v.string(),
  remedy: v.string()
})

/** Quality over all test images with the weights of the last complete epoch. PSNR in dB, the rest without unit. */
export const MetricsSchema = v.object({
  /** Binary cross-entropy in nats, and mean squared error: means over images and pixels, whatever the loss; bce is null until training has ended where it is not the loss. */
  bce: v.nullable(v.number()),
  mse: v.number(),
  /** Mean over images of 10·log10(1 / MSE); null until training has ended. */
  psnr: v.nullable(v.number()),
  /** Mean over images, Wang et al. 2004: Gaussian 11×11, σ 1.5, data range 1; null until training has ended. */
  ssim: v.nullable(v.number()),
  /** (mean digit − validation loss) / (mean digit − perfect copy), clamped to 0 … 1. Of a series: by the mean loss of its models. */
  gapClosed: v.number()
})

export const RunModelSchema = v.object({
  /** As ModelConfig has it: unique in the run, names its tensors in the checkpoint. */
  id: v.string(),
  /** Of its series: `d=2`, the same with every seed. */
  name: v.string(),
  rank: v.number(),
  seed: v.number(),
  latentDim: v.number(),
  parameters: v.number(),
  /**
   * One entry an epoch. trainLoss: mean of the model's own loss over the epoch's batches while training; valLoss: the run's loss (lossOf)
   * over all test images with the weights at its end; valMse: the same in squared error. A model of fewer epochs keeps its last values.
   */
  history: v.object({ trainLoss: v.array(loss), valLoss: v.array(loss), valMse: v.array(loss) }),
  /** Null before the first epoch has ended. */
  metrics: v.nullable(MetricsSchema)
})

export const DatasetInfoSchema = v.object({
  name: v.string(),
  title: v.string(),
  licence: v.string(),
  citation: v.string(),
  /** Of the four IDX files one after another: train images, train labels, test images, test labels. */
  sha256: v.string(),
  trainCount: v.number(),
  testCount: v.number(),
  rows: v.number(),
  columns: v.number()
})

/** What the data alone says about any model, computed from it. */
export const BoundsSchema = v.object({
  /** The run's loss of an exact copy of every test image: the least any model can reach. */
  perfectCopy: bound,
  /** The run's loss of answering the mean training image to every test image. */
  meanDigit: bound,
  /** One a series: test MSE of PCA with as many components as its code has units, fitted on the training images; null until computed. */
  pcaMse: v.nullable(v.array(v.number()))
})

/** The epochs of a run that one device trained, up to the next segment or the end. */
export const TrainingSegmentSchema = v.object({
  /** As `--device` names it. Of runs by older versions the engine's name stands before it, `onnxruntime cuda`. */
  device: v.string(),
  /** For people, e.g. `CPU · 2 threads`. */
  title: v.string(),
  /** What it is, e.g. `CPU · 2 threads, AMD EPYC, AVX2`; empty until training has started there. */
  hardware: v.string(),
  /** The first epoch that it trained, from 1. */
  firstEpoch: v.number(),
  /** Why there, e.g. `fastest of 3 measured` or `chosen by you`. */
  why: v.string(),
  /** How it failed, where that is why the run went on on another. */
  error: v.nullable(LabErrorSchema)
})

const runStatuses = ['running', 'finished', 'stopped', 'failed'] as const

/** run.json. `format`, `experiment`, `device`, `status`, `models` and `seconds` are fixed for other tools. */
export const RunFileSchema = v.object({
  format: v.literal(RUN_FORMAT),
  id: v.string(),
  experiment: ExperimentSchema,
  /** Where it trains or trained last. */
  device: v.string(),
  /** In order; at least one, of which the last is on `device`. */
  segments: v.pipe(v.array(TrainingSegmentSchema), v.minLength(1)),
  status: v.picklist(runStatuses),
  models: v.array(RunModelSchema),
  /** Training time in seconds, pauses left out, all parts of a continued run added. */
  seconds: v.number(),
  /** ISO 8601, UTC. */
  createdAt: v.string(),
  endedAt: v.nullable(v.string()),
  error: v.nullable(LabErrorSchema),
  dataset: DatasetInfoSchema,
  bounds: BoundsSchema,
  versions: v.record(v.string(), v.string())
})
export type RunFile = v.InferOutput<typeof RunFileSchema>
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
  /** Short labels of its series in the order of their ranks. */
  series: string[]
  /** Gap closed by each series after its last epoch, 0 to 1; empty before the first. */
  gapClosed: number[]
  error: RunFile['error']
}

/** A run as a view opens it: the file, what it is doing, and where its epoch stands. */
export interface RunView {
  file: RunFile
  state: RunState
  progress: StepProgress | null
}

/** Whether progress has a pace: not before the trainer knows one. */
export function isPaceKnown({ secondsPerEpoch }: StepProgress): boolean {
  return secondsPerEpoch > 0
}

/** Epochs that are complete in every model. */
export function epochsDone(file: Pick<RunFile, 'models'>): number {
  return file.models[0]?.history.valLoss.length ?? 0
}

/** States in which a trainer works on the run or will. */
export function isActive(state: RunState): boolean {
  return ['queued', 'preparing', 'running', 'paused', 'stopping', 'finishing'].includes(state)
}

// How long an experiment will take and what it will hold: measured on this machine, or scaled from what was measured last.
import type { Estimate } from '@shared/contract'
import { LabError } from '@shared/errors'
import { bytesOfEpoch, keptCount } from '@shared/epoch-weights'
import { epochsOf, modelsOf, trainImages, type Experiment } from '@shared/experiment'
import { parameterCount, stateSize } from '@shared/model'
import {
  isPaceKnown,
  PROBE_COUNT,
  type DatasetInfo,
  type KeptWeights,
  type RunFile,
  type StepProgress
} from '@shared/run'
import { batchGroups, stepsOf, type BatchGroup } from '../trainer/batch-groups'
import type { Measurement } from '../trainer/messages'
import { memoryOf } from './memory-estimate'

export interface Estimator {
  /** Takes the pace of a run that has ended: it holds for the same models and data on the same device, whatever their epochs. */
  learn(file: EndedRun): void
  estimate(experiment: Experiment, device: string): Promise<Estimate>
}

export interface EstimatorOptions {
  measure(experiment: Experiment, device: string): Promise<Measurement>
  /** The run that trains now, if there is one; nothing can be measured beside it. */
  running(): RunAtWork | undefined
  /** Of an experiment that was checked. */
  datasetOf(experiment: Experiment): DatasetInfo
  /** Which epochs' weights it would keep here; null: none. */
  planWeights(experiment: Experiment, info: DatasetInfo): Promise<KeptWeights | null>
}

type EndedRun = Pick<RunFile, 'experiment' | 'dataset' | 'device' | 'segments' | 'epochSeconds'>

/** A measurement, by what, and when. */
interface Known extends Pick<Estimate, 'source' | 'measuredAt'> {
  measurement: Measurement
}

/** What an ActiveRun says of its pace. */
export interface RunAtWork {
  file: Pick<RunFile, 'experiment' | 'device'>
  progress: StepProgress | null
}

const RUN_FILE_BYTES_PER_LOSS = 20
const LOSSES_PER_EPOCH = 3

/** Cost of a step a model beside that of its weights, in weights: what a narrow model takes all the same. */
const WEIGHTS_A_MODEL = 11_000

export function createEstimator({ measure, running, datasetOf, planWeights }: EstimatorOptions): Estimator {
  const known = new Map<string, Promise<Known>>()
  /** By device. */
  const last = new Map<string, Known & { experiment: Experiment }>()
  /** By shape: what runs have come to in this session. */
  const learned = new Map<string, { pace: number; measuredAt: string }>()
  const now = () => new Date().toISOString()

  const groupsOf = (experiment: Experiment, { rows, columns } = datasetOf(experiment)) =>
    batchGroups(modelsOf(experiment, rows * columns))
  const firstStepCost = (experiment: Experiment) => stepCost(groupsOf(experiment)[0] as BatchGroup)

  async function measured(key: string, experiment: Experiment, device: string) {
    const trial = async () => ({
      measurement: await measure(experiment, device),
      source: 'trial' as const,
      measuredAt: now()
    })
    const measuring = known.get(key) ?? trial()
    known.set(key, measuring)
    try {
      const found = await measuring
      last.set(device, { ...found, experiment })
      return found
    } catch (error) {
      known.delete(key)
      throw error
    }
  }

  /** What is known of another experiment on this device, stretched by the cost of a step. */
  function scaled(experiment: Experiment, device: string): Known {
    const before = last.get(device)
    const cost = firstStepCost(experiment)
    const pace = paceOf(device)
    if (pace !== null) return trained({ pace, measuredAt: now() }, experiment, device)
    if (!before) throw unknownWhileBusy(device)
    const { measurement } = before
    const millisecondsPerStep = (measurement.millisecondsPerStep * cost) / firstStepCost(before.experiment)
    return { ...before, measurement: { ...measurement, millisecondsPerStep } }
  }

  /** By milliseconds for a unit of cost, which hold evaluations. */
  function trained(by: { pace: number; measuredAt: string }, experiment: Experiment, device: string): Known {
    const preparationSeconds = last.get(device)?.measurement.preparationSeconds ?? 0
    const millisecondsPerStep = by.pace * firstStepCost(experiment)
    return {
      measurement: { millisecondsPerStep, evaluationSeconds: 0, preparationSeconds },
      source: 'training',
      measuredAt: by.measuredAt
    }
  }

  /** Its last segment alone: another may have been another device's. The first epoch of it is left out, which prepares. */
  function learn({ experiment, dataset, device, segments, epochSeconds }: EndedRun): void {
    const ends = (epochSeconds ?? []).slice((segments[segments.length - 1]?.firstEpoch ?? 1) - 1)
    const [first, final] = [ends[0], ends[ends.length - 1]]
    if (experiment.varied.key === 'epochs' || ends.length < 2 || first == null || final == null || final <= first)
      return
    const cost = sum(
      groupsOf(experiment, dataset),
      (group) => stepsOf(group, trainImages(experiment)) * stepCost(group)
    )
    const pace = ((final - first) * 1000) / (ends.length - 1) / cost
    learned.set(shapeOf(experiment, device, dataset), { pace, measuredAt: now() })
  }

  /** Milliseconds that the run at work takes for a unit of cost, its evaluations included; null where it says nothing of this device. */
  function paceOf(device: string): number | null {
    const { file, progress } = running() ?? {}
    if (file?.device !== device || !progress || !isPaceKnown(progress)) return null
    const active = groupsOf(file.experiment).filter((group) => group.epochs >= progress.epoch)
    const cost = sum(active, (group) => stepsOf(group, trainImages(file.experiment)) * stepCost(group))
    return (progress.secondsPerEpoch * 1000) / cost
  }

  /** Each batch group takes as long as the first, which was measured, by the cost of its steps. */
  async function toEstimate(experiment: Experiment, device: string, by: Known): Promise<Estimate> {
    const { measurement, source, measuredAt } = by
    const { millisecondsPerStep, evaluationSeconds, preparationSeconds } = measurement
    const info = datasetOf(experiment)
    const weightsEvery = (await planWeights(experiment, info))?.every ?? 0
    const groups = groupsOf(experiment)
    const first = stepCost(groups[0] as BatchGroup)
    const stepsIn = (group: BatchGroup) => group.epochs * stepsOf(group, trainImages(experiment))
    const milliseconds = sum(groups, (group) => (stepsIn(group) * millisecondsPerStep * stepCost(group)) / first)
    const evaluations = sum(groups, (group) => (group.epochs + 1) * evaluationSeconds) // the quality at the end is one more
    return {
      millisecondsPerStep,
      source,
      measuredAt,
      steps: sum(groups, stepsIn),
      seconds: preparationSeconds + milliseconds / 1000 + evaluations,
      memoryBytes: memoryOf(experiment, device, info),
      diskBytes: diskBytes(experiment, info, weightsEvery),
      weightsEvery
    }
  }

  return {
    learn,
    async estimate(experiment, device) {
      const own = learned.get(shapeOf(experiment, device, datasetOf(experiment)))
      if (own) return toEstimate(experiment, device, trained(own, experiment, device))
      const { base, varied, seeds } = experiment
      const key = JSON.stringify([device, datasetOf(experiment).sha256, base, varied, seeds])
      if (running() && !known.has(key)) return toEstimate(experiment, device, scaled(experiment, device))
      const measurement = await measured(key, experiment, device).catch((error: unknown) => {
        if (error instanceof LabError && error.kind === 'busy') return scaled(experiment, device)
        throw error
      })
      return toEstimate(experiment, device, measurement)
    }
  }
}

const unknownWhileBusy = (device: string) =>
  new LabError('busy', `The speed of ${device} can’t be measured while a run trains`, {
    remedy: 'It is measured when the training under way has ended'
  })

/** Checkpoint, digits of every epoch, kept weights and losses; the report is small beside them. */
function diskBytes(experiment: Experiment, { rows, columns }: DatasetInfo, weightsEvery: number): number {
  const models = modelsOf(experiment, rows * columns)
  const values = sum(models, stateSize)
  const perEpoch = models.length * (PROBE_COUNT * rows * columns + LOSSES_PER_EPOCH * RUN_FILE_BYTES_PER_LOSS)
  const weights = keptCount(epochsOf(experiment), weightsEvery) * bytesOfEpoch(models)
  return values * Float32Array.BYTES_PER_ELEMENT + epochsOf(experiment) * perEpoch + weights
}

/** What a pace holds for: the same models on the same images, whatever their epochs. */
function shapeOf({ base, varied, seeds }: Experiment, device: string, { sha256 }: Pick<DatasetInfo, 'sha256'>): string {
  return JSON.stringify([device, sha256, { ...base, epochs: null }, varied, seeds.length])
}

/** In no unit: for ratios. */
function stepCost({ models, batchSize }: BatchGroup): number {
  return batchSize * sum(models, ({ layers }) => WEIGHTS_A_MODEL + parameterCount(layers))
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

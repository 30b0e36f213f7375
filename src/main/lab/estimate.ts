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
  const known = new Map<string, Promise<Measurement>>()
  /** By device. */
  const last = new Map<string, { experiment: Experiment; measurement: Measurement }>()

  const groupsOf = (experiment: Experiment) => {
    const { rows, columns } = datasetOf(experiment)
    return batchGroups(modelsOf(experiment, rows * columns))
  }
  const firstStepCost = (experiment: Experiment) => stepCost(groupsOf(experiment)[0] as BatchGroup)

  async function measured(key: string, experiment: Experiment, device: string) {
    const measuring = known.get(key) ?? measure(experiment, device)
    known.set(key, measuring)
    try {
      const measurement = await measuring
      last.set(device, { experiment, measurement })
      return measurement
    } catch (error) {
      known.delete(key)
      throw error
    }
  }

  /** What is known of another experiment on this device, stretched by the cost of a step. */
  function scaled(experiment: Experiment, device: string): Measurement {
    const before = last.get(device)
    const cost = firstStepCost(experiment)
    const pace = paceOf(device)
    if (pace !== null) {
      const preparationSeconds = before?.measurement.preparationSeconds ?? 0
      return { millisecondsPerStep: pace * cost, evaluationSeconds: 0, preparationSeconds } // the pace holds evaluations
    }
    if (!before) throw unknownWhileBusy(device)
    const { measurement } = before
    const millisecondsPerStep = (measurement.millisecondsPerStep * cost) / firstStepCost(before.experiment)
    return { ...measurement, millisecondsPerStep }
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
  async function toEstimate(experiment: Experiment, device: string, measurement: Measurement): Promise<Estimate> {
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
      steps: sum(groups, stepsIn),
      seconds: preparationSeconds + milliseconds / 1000 + evaluations,
      memoryBytes: memoryOf(experiment, device, info),
      diskBytes: diskBytes(experiment, info, weightsEvery),
      weightsEvery
    }
  }

  return {
    async estimate(experiment, device) {
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

/** In no unit: for ratios. */
function stepCost({ models, batchSize }: BatchGroup): number {
  return batchSize * sum(models, ({ layers }) => WEIGHTS_A_MODEL + parameterCount(layers))
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

// How long an experiment will take and what it will hold: measured on this machine, or scaled from what was measured last.
import type { Estimate } from '@shared/contract'
import { LabError } from '@shared/errors'
import { epochsOf, modelsOf, trainImages, type Experiment } from '@shared/experiment'
import { parameterCount, stateSize } from '@shared/model'
import { PROBE_COUNT, type DatasetInfo } from '@shared/run'
import { batchGroups, stepsOf, type BatchGroup } from '../trainer/batch-groups'
import type { Measurement } from '../trainer/messages'
import { memoryOf } from './memory'

export interface Estimator {
  estimate(experiment: Experiment, device: string): Promise<Estimate>
}

export interface EstimatorOptions {
  measure(experiment: Experiment, device: string): Promise<Measurement>
  /** The run that trains now and its pace, or null; nothing can be measured beside it. */
  running(): { experiment: Experiment; millisecondsPerStep: number | null } | null
  datasetOf(experiment: Experiment): DatasetInfo
}

const RUN_FILE_BYTES_PER_LOSS = 20
const LOSSES_PER_EPOCH = 3

/** Cost of a step a model beside that of its weights, in weights: what a narrow model takes all the same. */
const WEIGHTS_A_MODEL = 11_000

export function createEstimator({ measure, running, datasetOf }: EstimatorOptions): Estimator {
  const known = new Map<string, Promise<Measurement>>()
  let last: { experiment: Experiment; measurement: Measurement } | null = null

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
      last = { experiment, measurement }
      return measurement
    } catch (error) {
      known.delete(key)
      throw error
    }
  }

  /** What is known of another experiment, stretched by the cost of a step. */
  function scaled(experiment: Experiment): Measurement {
    const now = running()
    const pace = now?.millisecondsPerStep ?? null
    const base =
      now && pace !== null ? { ...now, pace } : last && { ...last, pace: last.measurement.millisecondsPerStep }
    if (!base) {
      throw new LabError('busy', 'There is no estimate yet while another run is being prepared', {
        remedy: 'Ask again in a moment'
      })
    }
    const millisecondsPerStep = (base.pace * firstStepCost(experiment)) / firstStepCost(base.experiment)
    const { evaluationSeconds = 0, preparationSeconds = 0 } = last?.measurement ?? {}
    return { millisecondsPerStep, evaluationSeconds, preparationSeconds }
  }

  /** Each batch group takes as long as the first, which was measured, by the cost of its steps. */
  function toEstimate(experiment: Experiment, measurement: Measurement): Estimate {
    const { millisecondsPerStep, evaluationSeconds, preparationSeconds } = measurement
    const info = datasetOf(experiment)
    const groups = groupsOf(experiment)
    const first = stepCost(groups[0] as BatchGroup)
    const stepsIn = (group: BatchGroup) => group.epochs * stepsOf(group, trainImages(experiment))
    const milliseconds = sum(groups, (group) => (stepsIn(group) * millisecondsPerStep * stepCost(group)) / first)
    const evaluations = sum(groups, (group) => (group.epochs + 1) * evaluationSeconds) // the quality at the end is one more
    return {
      millisecondsPerStep,
      steps: sum(groups, stepsIn),
      seconds: preparationSeconds + milliseconds / 1000 + evaluations,
      memoryBytes: memoryOf(experiment, info),
      diskBytes: diskBytes(experiment, info)
    }
  }

  return {
    async estimate(experiment, device) {
      const { dataset, base, varied, seeds } = experiment
      const key = JSON.stringify([device, dataset, base, varied, seeds])
      if (running() && !known.has(key)) return toEstimate(experiment, scaled(experiment))
      const measurement = await measured(key, experiment, device).catch((error: unknown) => {
        if (error instanceof LabError && error.kind === 'busy') return scaled(experiment)
        throw error
      })
      return toEstimate(experiment, measurement)
    }
  }
}

/** Checkpoint, digits of every epoch and losses; the report is small beside them. */
function diskBytes(experiment: Experiment, { rows, columns }: DatasetInfo): number {
  const models = modelsOf(experiment, rows * columns)
  const values = sum(models, stateSize)
  const perEpoch = models.length * (PROBE_COUNT * rows * columns + LOSSES_PER_EPOCH * RUN_FILE_BYTES_PER_LOSS)
  return values * Float32Array.BYTES_PER_ELEMENT + epochsOf(experiment) * perEpoch
}

/** In no unit: for ratios. */
function stepCost({ models, batchSize }: BatchGroup): number {
  return batchSize * sum(models, ({ layers }) => WEIGHTS_A_MODEL + parameterCount(layers))
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

// How long an experiment will take and what it will hold: measured on this machine, or scaled from what was measured last.
import type { Estimate } from '@shared/contract'
import { LabError } from '@shared/errors'
import {
  latentDimsOf,
  totalParameterCount,
  PIXELS,
  stepsPerEpoch,
  type EngineName,
  type Experiment
} from '@shared/experiment'
import { PROBE_COUNT } from '@shared/run'
import type { Measurement } from '../trainer/messages'

export interface Estimator {
  estimate(experiment: Experiment, engine: EngineName, device: string): Promise<Estimate>
}

export interface EstimatorOptions {
  measure(experiment: Experiment, engine: EngineName, device: string): Promise<Measurement>
  /** What a training may take now: with another budget it takes another time. */
  memoryBudget(): number
  /** The run that trains now and its pace, or null; nothing can be measured beside it. */
  running(): { experiment: Experiment; millisecondsPerStep: number | null } | null
}

const VALUES_KEPT = 3 // weights and both moments
const RUN_FILE_BYTES_PER_LOSS = 20
const LOSSES_PER_EPOCH = 3

// Cost of a training step on the CPU by design measurements: a constant a model and a part that grows with its width.
const MILLISECONDS_PER_MODEL = 0.35
const MILLISECONDS_PER_LATENT_DIMENSION = 0.0124

export function createEstimator({ measure, memoryBudget, running }: EstimatorOptions): Estimator {
  const known = new Map<string, Promise<Measurement>>()
  let last: { experiment: Experiment; measurement: Measurement } | null = null

  async function measured(key: string, experiment: Experiment, engine: EngineName, device: string) {
    const measuring = known.get(key) ?? measure(experiment, engine, device)
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
    const factor = stepCost(experiment) / stepCost(base.experiment)
    const { evaluationSeconds = 0, preparationSeconds = 0, memoryBytes = 0 } = last?.measurement ?? {}
    const millisecondsPerStep = base.pace * factor
    return { millisecondsPerStep, evaluationSeconds, preparationSeconds, memoryBytes, turns: null }
  }

  return {
    async estimate(experiment, engine, device) {
      const { activation, batchSize, trainLimit } = experiment
      const recipe = [latentDimsOf(experiment), activation, batchSize, trainLimit]
      const key = JSON.stringify([engine, device, ...recipe, memoryBudget()])
      const isKnown = known.has(key)
      if (running() && !isKnown) return toEstimate(experiment, scaled(experiment))
      const measurement = await measured(key, experiment, engine, device).catch((error: unknown) => {
        if (error instanceof LabError && error.kind === 'busy') return scaled(experiment)
        throw error
      })
      return toEstimate(experiment, measurement)
    }
  }
}

function toEstimate(experiment: Experiment, measurement: Measurement): Estimate {
  const { millisecondsPerStep, evaluationSeconds, preparationSeconds, memoryBytes, turns } = measurement
  const steps = experiment.epochs * stepsPerEpoch(experiment)
  const evaluations = (experiment.epochs + 1) * evaluationSeconds // the quality at the end is one more
  const seconds = preparationSeconds + (steps * millisecondsPerStep) / 1000 + evaluations
  return { millisecondsPerStep, steps, seconds, memoryBytes, diskBytes: diskBytes(experiment), turns }
}

/** Checkpoint, digits of every epoch and losses; the report is small beside them. */
function diskBytes(experiment: Experiment): number {
  const dims = latentDimsOf(experiment)
  const values = totalParameterCount(dims)
  const perEpoch = dims.length * (PROBE_COUNT * PIXELS + LOSSES_PER_EPOCH * RUN_FILE_BYTES_PER_LOSS)
  return VALUES_KEPT * values * Float32Array.BYTES_PER_ELEMENT + experiment.epochs * perEpoch
}

function stepCost(experiment: Experiment): number {
  const perImage = latentDimsOf(experiment).reduce(
    (sum, latentDim) => sum + MILLISECONDS_PER_MODEL + MILLISECONDS_PER_LATENT_DIMENSION * latentDim,
    0
  )
  return experiment.batchSize * perImage
}

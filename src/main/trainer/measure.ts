// Trains a few steps on a throw-away copy, to know how long a run will take on this machine.
import type { Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import type { Dataset } from '../data/dataset'
import type { Training, TrainingJob } from './engine'
import { initialState } from './initialize'
import type { Measurement } from './messages'
import { bytesOf, toldTurns } from './memory-budget'
import { modelSpecs } from './model-specs'

const MEASURED_MILLISECONDS = 700
/** Steps that take less in all say little: a budget that the preparation has used up is overdrawn by so much. */
const LEAST_MILLISECONDS = 100

export interface MeasureTools {
  dataset: Dataset
  device: string
  threads: number
  open(job: TrainingJob): Promise<Training>
  /** Measures the steps alone, in about so long all in all; absent: steps and evaluation, in a second or so. */
  budgetMilliseconds?: number | undefined
  /** Megabytes; absent: no limit. */
  memoryBudget?: number | undefined
}

/** Measures for as long as the tools say, or a little more where the engine's calls or its preparation take longer. */
export async function measure(experiment: Experiment, tools: MeasureTools): Promise<Measurement> {
  const { train, test } = tools.dataset
  const { batchSize, learningRate, seed, trainLimit } = experiment
  const models = modelSpecs(experiment)
  const began = performance.now()
  const { device, threads, budgetMilliseconds } = tools
  const memoryBudget = bytesOf(tools.memoryBudget)
  const training = await tools.open({ models, batchSize, learningRate, train, test, device, threads, memoryBudget })
  try {
    await training.load(models.map((model) => initialState(model, seed)))
    const order = shuffle(seed, 1, trainLimit)
    await training.steps(order.subarray(0, batchSize)) // the first step pays for what the engine allocates
    const prepared = performance.now() - began
    const left =
      budgetMilliseconds === undefined
        ? MEASURED_MILLISECONDS
        : Math.min(MEASURED_MILLISECONDS, Math.max(LEAST_MILLISECONDS, budgetMilliseconds - prepared))
    const millisecondsPerStep = await measureSteps(training, order, batchSize, left)
    const evaluationSeconds = budgetMilliseconds === undefined ? await measureEvaluation(training) : 0
    const { rss: memoryBytes } = process.memoryUsage()
    const turns = toldTurns(training, tools.memoryBudget)
    return { millisecondsPerStep, evaluationSeconds, preparationSeconds: prepared / 1000, memoryBytes, turns }
  } finally {
    await training.close()
  }
}

/** A call so many times as long as those before is of another kind; less is the engine's own wandering. */
const LONGER = 1.5
/** A longer call that takes so many times as long a step as those before it had something to prepare: a GPU compiles what longer calls need. */
const PREPARING = 2

/**
 * Milliseconds a step in the longest calls that there was time for: of one step, two, four, … up to about a training's own. So a slow
 * device is known after one step, and one that takes many steps in one run is measured as it trains. A call that had something to
 * prepare is made again.
 */
async function measureSteps(
  training: Training,
  order: Int32Array,
  batchSize: number,
  milliseconds: number
): Promise<number> {
  const began = performance.now()
  /** Of the calls that count: all of about one length, the longest so far. */
  let length = 0
  let steps = 0
  let spent = 0
  let rate = Infinity
  while (steps === 0 || performance.now() - began < milliseconds) {
    const again = steps === 0 && length > 0
    const wanted = again ? length : Math.min(Math.max(1, 2 * length), training.stepsPerCall)
    const part = order.subarray(0, wanted * batchSize)
    const taken = Math.ceil(part.length / batchSize)
    const asked = performance.now()
    await training.steps(part)
    const took = performance.now() - asked
    const longer = taken > LONGER * length
    const prepared = longer && took / taken > PREPARING * rate
    if (longer) steps = spent = 0
    length = Math.max(length, taken)
    if (prepared) continue
    steps += taken
    spent += took
    rate = spent / steps
  }
  return rate
}

async function measureEvaluation(training: Training): Promise<number> {
  const began = performance.now()
  await training.evaluate()
  return (performance.now() - began) / 1000
}

// Trains a few steps on a throw-away copy, to know how long a run will take on this machine.
import type { Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import type { Dataset } from '../data/dataset'
import type { Training, TrainingJob } from './engine'
import { initialState } from './initialize'
import type { Measurement } from './messages'
import { modelSpecs } from './model-specs'

const MEASURED_MILLISECONDS = 700

export interface MeasureTools {
  dataset: Dataset
  device: string
  threads: number
  open(job: TrainingJob): Promise<Training>
}

/** Measures for at most a second or so, or one call of the engine where that takes longer. */
export async function measure(experiment: Experiment, tools: MeasureTools): Promise<Measurement> {
  const { train, test } = tools.dataset
  const { batchSize, learningRate, seed, trainLimit } = experiment
  const models = modelSpecs(experiment)
  const began = performance.now()
  const { device, threads } = tools
  const training = await tools.open({ models, batchSize, learningRate, train, test, device, threads })
  try {
    await training.load(models.map((model) => initialState(model, seed)))
    const order = shuffle(seed, 1, trainLimit)
    await training.steps(order.subarray(0, batchSize)) // the first step pays for what the engine allocates
    const preparationSeconds = (performance.now() - began) / 1000
    const millisecondsPerStep = await measureSteps(training, order, batchSize)
    const evaluationBegan = performance.now()
    await training.evaluate()
    const evaluationSeconds = (performance.now() - evaluationBegan) / 1000
    return { millisecondsPerStep, evaluationSeconds, preparationSeconds, memoryBytes: process.memoryUsage().rss }
  } finally {
    await training.close()
  }
}

async function measureSteps(training: Training, order: Int32Array, batchSize: number): Promise<number> {
  const began = performance.now()
  let steps = 0
  do {
    const part = order.subarray(0, training.stepsPerCall * batchSize)
    await training.steps(part)
    steps += Math.ceil(part.length / batchSize)
  } while (performance.now() - began < MEASURED_MILLISECONDS)
  return (performance.now() - began) / steps
}

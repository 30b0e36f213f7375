// Trains a few steps on a throw-away copy, to know how long a run will take on this machine.
import { lossOf, modelsOf, trainImages, type Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import type { Dataset } from '../data/dataset'
import { batchGroups, stepsOf, type BatchGroup } from './batch-groups'
import type { EngineSession, SessionConfig } from './engines/engine'
import { evaluate } from './evaluate'
import { initialState } from './initial-state'
import type { Measurement } from './messages'
import type { WorkingClock } from './working-clock'

const MEASURED_MILLISECONDS = 700
/** Steps that take less in all say little: a budget that the preparation has used up is overdrawn by so much. */
const LEAST_MILLISECONDS = 100

export interface MeasureTools {
  dataset: Dataset
  device: string
  threads: number
  open(config: SessionConfig): Promise<EngineSession>
  now: WorkingClock
  /** Measures the steps alone, in about so long all in all; absent: steps and evaluation, in a second or so. */
  budgetMilliseconds?: number | undefined
}

/** Measures the experiment's first batch group for as long as the tools say, or a little more where the engine takes longer to prepare. */
export async function measure(experiment: Experiment, tools: MeasureTools): Promise<Measurement> {
  const { dataset, device, threads, now, budgetMilliseconds } = tools
  const [group] = batchGroups(modelsOf(experiment, dataset.train.size)) as [BatchGroup]
  const began = now()
  const session = await tools.open({ models: group.models, train: dataset.train, device, threads })
  try {
    await session.load(group.models.map(initialState))
    const order = shuffle(group.seed, 1, trainImages(experiment))
    await session.steps(order.subarray(0, group.batchSize)) // the first step pays for what the engine allocates and compiles
    const prepared = now() - began
    const left = Math.max(LEAST_MILLISECONDS, (budgetMilliseconds ?? Infinity) - prepared)
    const millisecondsPerStep = await measureSteps(
      { session, now },
      order,
      group.batchSize,
      Math.min(MEASURED_MILLISECONDS, left)
    )
    const evaluationSeconds =
      budgetMilliseconds === undefined
        ? await secondsOf(now, () => evaluate(session, dataset.test, lossOf(experiment)))
        : 0
    return { millisecondsPerStep, evaluationSeconds, preparationSeconds: prepared / 1000 }
  } finally {
    await session.close()
  }
}

interface Timed {
  session: EngineSession
  now: WorkingClock
}

/** Milliseconds a step in the longest of calls of one step, two, four, …: so a slow device is known after one, a fast one as it trains. */
async function measureSteps({ session, now }: Timed, order: Int32Array, batchSize: number, milliseconds: number) {
  const began = now()
  const most = stepsOf({ batchSize }, order.length)
  let rate = Infinity
  for (let steps = 1; rate === Infinity || now() - began < milliseconds; steps = Math.min(2 * steps, most)) {
    const offset = performance.now() - now()
    const call = await session.steps(order.subarray(0, steps * batchSize))
    const stoppedFor = Math.round(performance.now() - now() - offset) // the engine's own clock does not notice
    rate = Math.max(0, call.milliseconds - stoppedFor) / steps
  }
  return rate
}

async function secondsOf(now: WorkingClock, work: () => Promise<unknown>): Promise<number> {
  const began = now()
  await work()
  return (now() - began) / 1000
}

// A training whose every call is watched: one that never answers silences the heartbeat, and the lab ends the process.
import { PIXELS } from '@shared/experiment'
import type { Engine, Training, TrainingJob } from './engine'
import type { Heartbeat } from './heartbeat'

const SLOWEST_OPERATIONS_PER_SECOND = 1e9 // no machine that runs Electron 45 multiplies more slowly
const LAB_PATIENCE_SECONDS = 30 // silence that the lab itself bears
const OPERATIONS_PER_SSIM_PIXEL = 200

/** Opens a training under watch. Ordinary calls may take 30 s; larger ones what the slowest machine would need. */
export async function openWatched(engine: Engine, job: TrainingJob, heartbeat: Heartbeat): Promise<Training> {
  return watched(await heartbeat.during(0, () => engine.open(job)), job, heartbeat)
}

function watched(training: Training, job: TrainingJob, heartbeat: Heartbeat): Training {
  const widths = job.models.reduce((sum, model) => sum + model.latentDim, 0)
  const forward = 4 * PIXELS * widths
  const batches = () => training.stepsPerCall * job.batchSize
  let secondsUnderWay = 0 // calls wait for those before them
  const watch = async <T>(operations: number, call: () => Promise<T>) => {
    const seconds = operations / SLOWEST_OPERATIONS_PER_SECOND
    secondsUnderWay += seconds
    try {
      return await heartbeat.during(Math.max(0, secondsUnderWay - LAB_PATIENCE_SECONDS), call)
    } finally {
      secondsUnderWay -= seconds
    }
  }
  const quality = forward + job.models.length * PIXELS * OPERATIONS_PER_SSIM_PIXEL
  return {
    turns: training.turns,
    get stepsPerCall() {
      return training.stepsPerCall
    },
    steps: (order) => watch(2.5 * forward * batches(), () => training.steps(order)),
    evaluate: () => watch(forward * job.test.count, () => training.evaluate()),
    measureQuality: () => watch(quality * job.test.count, () => training.measureQuality()),
    reconstruct: (indices) => watch(forward * indices.length, () => training.reconstruct(indices)),
    save: () => watch(0, () => training.save()),
    load: (states) => watch(0, () => training.load(states)),
    close: () => watch(0, () => training.close())
  }
}

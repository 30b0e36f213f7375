// Where a step's time goes: onnxruntime's own profiler, by type of operator, for each group as it trains beside the others.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Experiment } from '../src/shared/experiment'
import { shuffle } from '../src/shared/random'
import type { Dataset } from '../src/main/data/dataset'
import { balance, type Share } from '../src/main/trainer/engines/onnxruntime/balance'
import { openGroupIn } from '../src/main/trainer/engines/onnxruntime/place'
import { initialState } from '../src/main/trainer/initialize'
import { modelSpecs } from '../src/main/trainer/model-specs'

const STEPS = 60
const STEPS_PER_CALL = 10

/** One group's operators, the dearest first. Times are milliseconds a step. */
export interface GroupProfile {
  latentDims: number[]
  threads: number
  operators: { type: string; callsPerStep: number; milliseconds: number }[]
}

export interface ProfileOptions {
  experiment: Experiment
  dataset: Dataset
  threads: number
  /** out/main/onnxruntime-worker.js. */
  workerPath: string
}

/** Trains some steps with the profiler on, which makes each node a little dearer than it is. */
export async function profileGroups({
  experiment,
  dataset,
  threads,
  workerPath
}: ProfileOptions): Promise<GroupProfile[]> {
  const { batchSize, learningRate, seed } = experiment
  const { train, test } = dataset
  const models = modelSpecs(experiment)
  const order = shuffle(seed, 1, STEPS * batchSize)
  const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-profile-'))
  const profileShare = async (share: Share, index: number): Promise<GroupProfile> => {
    const folder = join(home, String(index))
    const own = models.filter((_, model) => share.models.includes(model))
    mkdirSync(folder)
    process.env.BOTTLENECK_LAB_PROFILE = folder // a thread takes a copy of the environment when it starts
    const job = { models: own, batchSize, learningRate, train, test, threads: share.threads }
    const group = await openGroupIn({ workerPath }, job)
    await group.load(own.map((model) => initialState(model, seed)))
    for (let first = 0; first < order.length; first += STEPS_PER_CALL * batchSize) {
      await group.steps(order.slice(first, first + STEPS_PER_CALL * batchSize))
    }
    await group.close()
    const latentDims = own.map((model) => model.latentDim)
    return { latentDims, threads: share.threads, operators: byOperator(readEvents(folder), STEPS) }
  }
  try {
    return await Promise.all(balance(models, threads).map(profileShare))
  } finally {
    delete process.env.BOTTLENECK_LAB_PROFILE
    rmSync(home, { recursive: true, force: true })
  }
}

function readEvents(folder: string): ProfileEvent[] {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProfileEvent[]
  return readdirSync(folder).flatMap(read)
}

/** As onnxruntime writes it; `dur` in microseconds. */
export interface ProfileEvent {
  cat: string
  name: string
  dur: number
  args?: { op_name?: string }
}

/** Sums kernel times by type of operator. A `Loop` is left out: its time is that of the nodes in it, which are counted. */
export function byOperator(events: readonly ProfileEvent[], steps: number): GroupProfile['operators'] {
  const sums = new Map<string, { calls: number; microseconds: number }>()
  for (const { cat, name, dur, args } of events) {
    const type = args?.op_name
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || !type || type === 'Loop') continue
    const sum = sums.get(type) ?? { calls: 0, microseconds: 0 }
    sums.set(type, { calls: sum.calls + 1, microseconds: sum.microseconds + dur })
  }
  return [...sums]
    .map(([type, { calls, microseconds }]) => {
      return { type, callsPerStep: calls / steps, milliseconds: microseconds / 1000 / steps }
    })
    .sort((a, b) => b.milliseconds - a.milliseconds)
}

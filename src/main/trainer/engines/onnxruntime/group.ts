// One group of models in training: its sessions and its state. Runs in the thread it is called in; place.ts decides which that is.
import type { Tensor } from 'onnxruntime-node'
import { PIXELS } from '@shared/experiment'
import type { Images, ModelSpec, TrainingJob } from '../../engine'
import { GRADIENT_FACTOR, adamRate } from '../adam-factors'
import { byKind, byModel, notLoaded, stateKinds } from '../model-states'
import { evaluateImages, measureQualityOfImages, reconstructImages, type BatchAnswer } from '../test-images'
import type { ThreadTraining } from '../training-thread'
import { evaluationGraph } from './evaluation-graph'
import { graphBytes } from './graph-memory'
import { inTurn } from './in-turn'
import { groupTensors, stack, unstack } from './parameters'
import { openInTurns } from './turns'
import { openSession, tensorFactory, type Feeds } from './session'
import { split } from './split'
import { trainingGraph } from './training-graph'

export interface GroupJob extends Pick<
  TrainingJob,
  'models' | 'batchSize' | 'learningRate' | 'train' | 'test' | 'threads' | 'memoryBudget'
> {
  /** False: the sessions keep no memory from run to run. */
  arena?: boolean
}

/** A training of the models of one group. */
export type Group = ThreadTraining

/**
 * Moments of weights that get no gradient (a unit that died, a pixel that is hardly ever lit) shrink until they are no normal float32
 * any more, and processors take many times as long over such numbers. So they are cleared below a size that no weight can feel, at
 * fixed steps, however the steps are cut into calls: β1^128 is about 1e-6, far from enough to fall from 1e-30 out of the range.
 */
const VANISHED = 1e-30
const CLEARING_INTERVAL = 128

/** Opens the models as one group, or in parts that take turns. */
export function openGroups(job: GroupJob): Promise<Group> {
  const { parts, arena } = partsOf(job)
  if (arena) return openGroup(job)
  return openInTurns({ ...job, train: unshared(job.train), test: unshared(job.test), arena }, parts, openGroup)
}

/**
 * One part of all models, or, where its graph would take more memory than the job allows, as few as keep within it without an arena;
 * models are given by their indices.
 */
export function partsOf({
  models,
  batchSize,
  memoryBudget = Infinity
}: Pick<GroupJob, 'models' | 'batchSize' | 'memoryBudget'>): { parts: number[][]; arena: boolean } {
  const fits = (part: ModelSpec[], arena: boolean) => graphBytes(part, batchSize, arena) <= memoryBudget
  if (fits(models, true)) return { parts: [models.map((_, index) => index)], arena: true }
  return { parts: split(models, (part) => fits(part, false)), arena: false }
}

/** Opens the sessions of a group. The images are copied if their memory is shared: onnxruntime takes no array over it. */
export async function openGroup(job: GroupJob): Promise<Group> {
  const { models, batchSize, learningRate, threads, arena } = job
  const train = unshared(job.train)
  const test = unshared(job.test)
  const tensor = await tensorFactory()
  const training = await openSession(trainingGraph(models), threads, arena)
  const evaluation = await openSession(evaluationGraph(models), threads, arena)
  const images = tensor('uint8', train.pixels, [train.count, PIXELS])
  const parameters = groupTensors(models)
  const stateNames = parameters.flatMap(({ name }) => [`weight/${name}`, `firstMoment/${name}`, `secondMoment/${name}`])
  let state: Tensor[] = []
  let taken = 0

  /** Trains on batches of one size. */
  async function run(order: Int32Array, batch: number): Promise<Float32Array> {
    const steps = order.length / batch
    const rates = Float32Array.from({ length: steps }, (_, index) => adamRate(learningRate, taken + index + 1))
    const feeds: Feeds = {
      images,
      order: tensor('int32', order, [steps, batch]),
      rates: tensor('float32', rates, [steps]),
      gradientFactor: tensor('float32', Float32Array.of(GRADIENT_FACTOR / (batch * PIXELS)), []),
      steps: tensor('int64', BigInt64Array.of(BigInt(steps)), [])
    }
    stateNames.forEach((name, place) => (feeds[name] = state[place] as Tensor))
    const outputs = await training.run(feeds)
    const sums = outputs.splice(stateNames.length).map((ofModel) => ofModel.data as Float32Array)
    state = outputs
    taken += steps
    return new Float32Array(steps * models.length).map((_, place) => {
      const sum = sums[place % models.length]?.[Math.floor(place / models.length)] ?? NaN
      return sum / (batch * PIXELS)
    })
  }

  function clearVanishedMoments(): void {
    state.forEach((tensor, place) => {
      if (place % stateKinds.length === 0) return
      const moments = tensor.data as Float32Array
      for (let i = 0; i < moments.length; i++) if (Math.abs(moments[i] as number) < VANISHED) moments[i] = 0
    })
  }

  /** Outputs of the evaluation graph: two tables [images, models], then each model's reconstructions. */
  async function lookAt(indices: Int32Array, withReconstructions: boolean): Promise<BatchAnswer> {
    const pixels = new Uint8Array(indices.length * PIXELS)
    indices.forEach((image, place) => {
      pixels.set(test.pixels.subarray(image * PIXELS, (image + 1) * PIXELS), place * PIXELS)
    })
    const feeds = { ...weightFeeds(), pixels: tensor('uint8', pixels, [indices.length, PIXELS]) }
    const reconstructionPlaces = withReconstructions ? models.map((_, index) => 2 + index) : []
    const outputs = await evaluation.run(feeds, [0, 1, ...reconstructionPlaces])
    const [crossEntropies, squaredErrors, ...reconstructions] = outputs.map((output) => output.data as Float32Array)
    return {
      crossEntropies: columns(crossEntropies as Float32Array, models.length),
      squaredErrors: columns(squaredErrors as Float32Array, models.length),
      reconstructions
    }
  }

  function weightFeeds(): Feeds {
    return Object.fromEntries(
      parameters.map(({ name }, index) => [`weight/${name}`, loaded()[index * stateKinds.length] as Tensor])
    )
  }

  function loaded(): Tensor[] {
    if (state.length > 0) return state
    throw notLoaded()
  }

  return inTurn({
    async steps(order) {
      loaded()
      const losses: number[] = []
      for (let first = 0; first < order.length;) {
        const batch = Math.min(batchSize, order.length - first)
        const untilClearing = CLEARING_INTERVAL - (taken % CLEARING_INTERVAL)
        const steps = Math.min(Math.floor((order.length - first) / batch), untilClearing)
        losses.push(...(await run(order.slice(first, first + steps * batch), batch)))
        if (taken % CLEARING_INTERVAL === 0) clearVanishedMoments()
        first += steps * batch
      }
      return Float32Array.from(losses)
    },

    evaluate: () => evaluateImages(models.length, test, lookAt),
    measureQuality: () => measureQualityOfImages(models.length, test, lookAt),
    reconstruct: (indices) => reconstructImages(indices, lookAt),

    async save() {
      const current = loaded()
      const kinds = stateKinds.map((_, kind) => {
        const ofKind = parameters.map((_, index) => current[index * stateKinds.length + kind]?.data as Float32Array)
        return unstack(models, ofKind)
      })
      return byModel(models, { kinds, step: taken })
    },

    async load(states) {
      const { kinds, step } = byKind(models, states)
      const stacked = kinds.map((ofKind) => stack(models, ofKind))
      state = parameters.flatMap(({ shape }, index) =>
        stacked.map((ofKind) => tensor('float32', ofKind[index] as Float32Array, shape))
      )
      taken = step
    },

    async close() {
      state = []
      await training.release()
      await evaluation.release()
    }
  })
}

/** The images in memory of this thread's own. */
export function unshared({ pixels, count }: Images): Images {
  const used = pixels.subarray(0, count * PIXELS)
  return { pixels: used.buffer instanceof SharedArrayBuffer ? new Uint8Array(used) : used, count }
}

/** A table [rows, width], row by row, as its columns. */
function columns(table: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: width }, (_, column) =>
    Float32Array.from({ length: table.length / width }, (_, row) => table[row * width + column] as number)
  )
}

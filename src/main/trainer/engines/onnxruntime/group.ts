// One group of models in training: its sessions and its state. Runs in the thread it is called in; place.ts decides which that is.
import type { Tensor } from 'onnxruntime-node'
import { LabError } from '@shared/errors'
import { PIXELS } from '@shared/experiment'
import { createSsim, mean, psnr } from '@shared/metrics'
import type { Evaluation, Images, ModelSpec, ModelState, Quality, TrainingJob } from '../../engine'
import type { ThreadTraining } from '../training-thread'
import { GRADIENT_FACTOR, adamRate } from './adam'
import { evaluationGraph } from './evaluation-graph'
import { groupTensors, stack, unstack, type ModelTensors } from './parameters'
import { openSession, tensorFactory, type Feeds } from './session'
import { trainingGraph } from './training-graph'

export type GroupJob = Pick<TrainingJob, 'models' | 'batchSize' | 'learningRate' | 'train' | 'test' | 'threads'>

/** A training of the models of one group. */
export type Group = ThreadTraining

/** Test images per run of the evaluation graph: reconstructions of 12 models then take 19 MB. */
const EVALUATION_BATCH = 500
const SIDE = 28
const kinds = ['weights', 'firstMoment', 'secondMoment'] as const

/**
 * Moments of weights that get no gradient (a unit that died, a pixel that is hardly ever lit) shrink until they are no normal float32
 * any more, and processors take many times as long over such numbers. So they are cleared below a size that no weight can feel, at
 * fixed steps, however the steps are cut into calls: β1^128 is about 1e-6, far from enough to fall from 1e-30 out of the range.
 */
const VANISHED = 1e-30
const CLEARING_INTERVAL = 128

/** Opens the sessions of a group. The images are copied if their memory is shared: onnxruntime takes no array over it. */
export async function openGroup(job: GroupJob): Promise<Group> {
  const { models, batchSize, learningRate, threads } = job
  const train = unshared(job.train)
  const test = unshared(job.test)
  const tensor = await tensorFactory()
  const training = await openSession(trainingGraph(models), threads)
  const evaluation = await openSession(evaluationGraph(models), threads)
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
      if (place % kinds.length === 0) return
      const moments = tensor.data as Float32Array
      for (let i = 0; i < moments.length; i++) if (Math.abs(moments[i] as number) < VANISHED) moments[i] = 0
    })
  }

  /** Runs the evaluation graph over consecutive test images. */
  async function forEachTestBatch(outputs: number[], visit: (results: Float32Array[], first: number) => void) {
    const feeds = weightFeeds()
    for (let first = 0; first < test.count; first += EVALUATION_BATCH) {
      const pixels = test.pixels.subarray(first * PIXELS, Math.min(first + EVALUATION_BATCH, test.count) * PIXELS)
      feeds.pixels = tensor('uint8', pixels, [pixels.length / PIXELS, PIXELS])
      const results = await evaluation.run(feeds, outputs)
      visit(
        results.map((result) => result.data as Float32Array),
        first
      )
    }
  }

  function weightFeeds(): Feeds {
    return Object.fromEntries(
      parameters.map(({ name }, index) => [`weight/${name}`, loaded()[index * kinds.length] as Tensor])
    )
  }

  function loaded(): Tensor[] {
    if (state.length > 0) return state
    throw new LabError('internal', 'The models have no weights yet: load must come before')
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

    async evaluate(): Promise<Evaluation> {
      const sums = { bce: models.map(() => 0), mse: models.map(() => 0) }
      await forEachTestBatch([0, 1], ([bce, squaredErrors]) => {
        addRows(sums.bce, bce as Float32Array)
        addRows(sums.mse, squaredErrors as Float32Array)
      })
      const perPixel = (sum: number) => sum / (test.count * PIXELS)
      return { bce: sums.bce.map(perPixel), mse: sums.mse.map(perPixel) }
    },

    async measureQuality(): Promise<Quality> {
      const sums = { psnr: models.map(() => 0), ssim: models.map(() => 0) }
      const ssim = createSsim(test.pixels, test.count, SIDE, SIDE)
      const reconstructionsOf = models.map((_, index) => 2 + index)
      await forEachTestBatch([1, ...reconstructionsOf], ([squaredErrors, ...reconstructions], first) => {
        addRows(
          sums.psnr,
          (squaredErrors as Float32Array).map((sum) => psnr(sum / PIXELS))
        )
        reconstructions.forEach((ofModel, index) => {
          const ssims = ssim.byImage(ofModel, first)
          sums.ssim[index] = (sums.ssim[index] as number) + mean(ssims) * ssims.length
        })
      })
      const perImage = (sum: number) => sum / test.count
      return { psnr: sums.psnr.map(perImage), ssim: sums.ssim.map(perImage) }
    },

    async reconstruct(indices) {
      const pixels = new Uint8Array(indices.length * PIXELS)
      indices.forEach((image, place) => {
        pixels.set(test.pixels.subarray(image * PIXELS, (image + 1) * PIXELS), place * PIXELS)
      })
      const feeds = { ...weightFeeds(), pixels: tensor('uint8', pixels, [indices.length, PIXELS]) }
      const results = await evaluation.run(
        feeds,
        models.map((_, index) => 2 + index)
      )
      const answer = new Uint8Array(models.length * pixels.length)
      results.forEach((result, index) => {
        answer.set(
          Uint8Array.from(result.data as Float32Array, (value) => Math.round(value * 255)),
          index * pixels.length
        )
      })
      return answer
    },

    async save() {
      const current = loaded()
      const [weights, firstMoments, secondMoments] = kinds.map((_, kind) => {
        const ofKind = parameters.map((_, index) => current[index * kinds.length + kind]?.data as Float32Array)
        return unstack(models, ofKind)
      })
      return models.map(({ name }, index) => ({
        name,
        weights: weights?.[index] as ModelTensors,
        firstMoment: firstMoments?.[index] as ModelTensors,
        secondMoment: secondMoments?.[index] as ModelTensors,
        step: taken
      }))
    },

    async load(states) {
      const own = models.map((model) => stateOf(states, model))
      const stacked = kinds.map((kind) =>
        stack(
          models,
          own.map((ofModel) => ofModel[kind])
        )
      )
      state = parameters.flatMap(({ shape }, index) =>
        stacked.map((ofKind) => tensor('float32', ofKind[index] as Float32Array, shape))
      )
      taken = own[0]?.step ?? 0
    },

    async close() {
      state = []
      await training.release()
      await evaluation.release()
    }
  })
}

/** The same group, its calls run one after another in the order in which they are made. */
export function inTurn(group: Group): Group {
  let last: Promise<unknown> = Promise.resolve()
  const queued =
    <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) =>
    (...given: Arguments): Promise<Answer> => {
      const answer = last.then(() => call(...given))
      last = answer.catch(() => undefined)
      return answer
    }
  return {
    steps: queued(group.steps),
    evaluate: queued(group.evaluate),
    measureQuality: queued(group.measureQuality),
    reconstruct: queued(group.reconstruct),
    save: queued(group.save),
    load: queued(group.load),
    close: queued(group.close)
  }
}

/** The images in memory of this thread's own. */
export function unshared({ pixels, count }: Images): Images {
  const used = pixels.subarray(0, count * PIXELS)
  return { pixels: used.buffer instanceof SharedArrayBuffer ? new Uint8Array(used) : used, count }
}

/** Adds each row of [rows, sums.length] to `sums`, in double precision. */
function addRows(sums: number[], rows: Float32Array): void {
  rows.forEach((value, place) => {
    const column = place % sums.length
    sums[column] = (sums[column] as number) + value
  })
}

/** The state of one model among those to load. Throws if there is none. */
export function stateOf(states: readonly ModelState[], { name }: ModelSpec): ModelState {
  const state = states.find((candidate) => candidate.name === name)
  if (state) return state
  throw new LabError('internal', `The state to load has no model ${name}`)
}

// A training with TensorFlow in the thread it is called in: the state on the device, and what is asked of it.
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { LabError } from '@shared/errors'
import { PIXELS } from '@shared/experiment'
import { createSsim, psnr } from '@shared/metrics'
import type { Evaluation, Images, ModelSpec, ModelState, Quality, TrainingJob } from '../../engine'
import type { ThreadTraining } from '../training-thread'
import { pack, unpack, type ModelTensors } from './packing'
import { forward, trainStep, type State } from './step'
import { loadTensorflow, usesGpu, type TensorFlow } from './tensorflow'

export type TensorflowJob = Omit<TrainingJob, 'threads'> & {
  /** The npm package to load. */
  packageFolder: string
  /** Each model apart, one after another in every step, instead of all side by side: slower, and as the article trains them. */
  oneByOne: boolean
}

/** Models that are trained side by side; no state before the first `load`. */
interface Group {
  models: ModelSpec[]
  state: State | null
}

/** Test images at a time: logits of 12 models then take 19 MB. */
const EVALUATION_BATCH = 500
const SIDE = 28
const kinds = ['weights', 'firstMoment', 'secondMoment'] as const

/**
 * Opens the training of a job. Each call blocks this thread until it is done, so calls take effect in their order. TensorFlow uses the
 * cores that this process may run on; it can't be told another number of threads.
 */
export async function openTraining(job: TensorflowJob): Promise<ThreadTraining> {
  const { models, batchSize, learningRate, train, test } = job
  const tf = loadTensorflow(job.packageFolder)
  checkDevice(tf, job.device)
  const groups: Group[] = job.oneByOne
    ? models.map((model) => ({ models: [model], state: null }))
    : [{ models, state: null }]

  function setState(group: Group, state: State | null): void {
    if (group.state) tf.dispose(group.state)
    group.state = state
  }

  /** Trains every group on one batch; answers with the losses of each group's models. */
  function trainBatch(order: Int32Array): Tensor1D[] {
    const images = toTensor(tf, train, order)
    try {
      return groups.map((group) => {
        const before = stateOf(group)
        const { state, losses } = tf.tidy(() => trainStep(tf, group.models, before, images, learningRate))
        setState(group, state)
        return losses
      })
    } finally {
      images.dispose()
    }
  }

  /** For consecutive test images: what `read` makes of the images and the logits of each model [batch, 784]. */
  function forEachTestBatch(read: (images: Tensor2D, logits: Tensor2D[], first: number) => void): void {
    for (let first = 0; first < test.count; first += EVALUATION_BATCH) {
      const count = Math.min(EVALUATION_BATCH, test.count - first)
      const indices = Int32Array.from({ length: count }, (_, place) => first + place)
      tf.tidy(() => {
        const images = toTensor(tf, test, indices)
        read(images, logitsOf(images), first)
      })
    }
  }

  function logitsOf(images: Tensor2D): Tensor2D[] {
    return groups.flatMap((group) => forward(tf, group.models, stateOf(group).weights, images).logits)
  }

  /** Sums over the pixels of each image [batch]. */
  function sumsByImage(tensor: Tensor): Float32Array {
    return tf.sum(tensor, 1).dataSync() as Float32Array
  }

  function squaredErrors(images: Tensor2D, logits: Tensor2D): Float32Array {
    return sumsByImage(tf.squaredDifference(tf.sigmoid(logits), images))
  }

  return {
    async steps(order) {
      const losses: Tensor1D[] = []
      try {
        for (let first = 0; first < order.length; first += batchSize) {
          losses.push(...trainBatch(order.subarray(first, first + batchSize)))
        }
        return tf.tidy(() => tf.concat1d(losses).dataSync() as Float32Array)
      } finally {
        tf.dispose(losses)
      }
    },

    async evaluate(): Promise<Evaluation> {
      const sums = { bce: models.map(() => 0), mse: models.map(() => 0) }
      forEachTestBatch((images, logits) => {
        logits.forEach((ofModel, model) => {
          const entropies = sumsByImage(tf.sub(tf.softplus(ofModel), tf.mul(images, ofModel)))
          addTo(sums.bce, model, entropies)
          addTo(sums.mse, model, squaredErrors(images, ofModel))
        })
      })
      const perPixel = (sum: number) => sum / (test.count * PIXELS)
      return { bce: sums.bce.map(perPixel), mse: sums.mse.map(perPixel) }
    },

    async measureQuality(): Promise<Quality> {
      const sums = { psnr: models.map(() => 0), ssim: models.map(() => 0) }
      const ssim = createSsim(test.pixels, test.count, SIDE, SIDE)
      forEachTestBatch((images, logits, first) => {
        logits.forEach((ofModel, model) => {
          const psnrs = squaredErrors(images, ofModel).map((sum) => psnr(sum / PIXELS))
          const ssims = ssim.byImage(tf.sigmoid(ofModel).dataSync() as Float32Array, first)
          addTo(sums.psnr, model, psnrs)
          addTo(sums.ssim, model, ssims)
        })
      })
      const perImage = (sum: number) => sum / test.count
      return { psnr: sums.psnr.map(perImage), ssim: sums.ssim.map(perImage) }
    },

    async reconstruct(indices) {
      const answer = new Uint8Array(models.length * indices.length * PIXELS)
      tf.tidy(() => {
        logitsOf(toTensor(tf, test, indices)).forEach((ofModel, model) => {
          const values = tf.sigmoid(ofModel).dataSync() as Float32Array
          answer.set(
            Uint8Array.from(values, (value) => Math.round(value * 255)),
            model * indices.length * PIXELS
          )
        })
      })
      return answer
    },

    async save() {
      return groups.flatMap((group) => {
        const state = stateOf(group)
        const [weights, firstMoments, secondMoments] = kinds.map((kind) => unpack(tf, group.models, state[kind]))
        return group.models.map(({ name }, index) => ({
          name,
          weights: weights?.[index] as ModelTensors,
          firstMoment: firstMoments?.[index] as ModelTensors,
          secondMoment: secondMoments?.[index] as ModelTensors,
          step: state.step
        }))
      })
    },

    async load(states) {
      for (const group of groups) {
        const own = group.models.map((model) => savedStateOf(states, model))
        const packed = (kind: (typeof kinds)[number]) =>
          pack(
            tf,
            group.models,
            own.map((state) => state[kind])
          )
        setState(group, {
          weights: packed('weights'),
          firstMoment: packed('firstMoment'),
          secondMoment: packed('secondMoment'),
          step: own[0]?.step ?? 0
        })
      }
    },

    async close() {
      for (const group of groups) setState(group, null)
    }
  }
}

/** Throws `device-unavailable` where TensorFlow would compute elsewhere than asked for. */
function checkDevice(tf: TensorFlow, device: string): void {
  const actual = usesGpu(tf) ? 'cuda' : 'cpu'
  if (device === actual) return
  throw new LabError('device-unavailable', 'TensorFlow can’t be used on this device', {
    found: device,
    expected: actual
  })
}

/** Images as numbers in 0 … 1, [indices, 784]. */
function toTensor(tf: TensorFlow, { pixels }: Images, indices: ArrayLike<number>): Tensor2D {
  const values = new Float32Array(indices.length * PIXELS)
  for (let row = 0; row < indices.length; row++) {
    const start = (indices[row] as number) * PIXELS
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      values[row * PIXELS + pixel] = (pixels[start + pixel] as number) / 255
    }
  }
  return tf.tensor2d(values, [indices.length, PIXELS])
}

/** Adds all values to the sum of a model, in double precision. */
function addTo(sums: number[], model: number, values: Iterable<number>): void {
  for (const value of values) sums[model] = (sums[model] as number) + value
}

function stateOf({ state }: Group): State {
  if (state) return state
  throw new LabError('internal', 'The models have no weights yet: load must come before')
}

function savedStateOf(states: readonly ModelState[], { name }: ModelSpec): ModelState {
  const state = states.find((candidate) => candidate.name === name)
  if (state) return state
  throw new LabError('internal', `The state to load has no model ${name}`)
}

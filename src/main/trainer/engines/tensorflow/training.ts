// A training with TensorFlow in the thread it is called in: the state on the device, and what is asked of it.
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { LabError } from '@shared/errors'
import { PIXELS } from '@shared/experiment'
import type { Images, ModelSpec, TrainingJob } from '../../engine'
import { byKind, byModel, notLoaded, stateKinds } from '../model-states'
import { evaluateImages, measureQualityOfImages, reconstructImages, type BatchAnswer } from '../test-images'
import type { ThreadTraining } from '../training-thread'
import { pack, unpack } from './packing'
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

  function logitsOf(images: Tensor2D): Tensor2D[] {
    return groups.flatMap((group) => forward(tf, group.models, stateOf(group).weights, images).logits)
  }

  /** Sums over the pixels of each image [batch]. */
  function sumsByImage(tensor: Tensor): Float32Array {
    return tf.sum(tensor, 1).dataSync() as Float32Array
  }

  async function lookAt(indices: Int32Array, withReconstructions: boolean): Promise<BatchAnswer> {
    const answer: BatchAnswer = { crossEntropies: [], squaredErrors: [], reconstructions: [] }
    // Nothing is returned from here: tidy would look for tensors in every number of it.
    tf.tidy(() => {
      const images = toTensor(tf, test, indices)
      for (const logits of logitsOf(images)) {
        const probabilities = tf.sigmoid(logits)
        answer.crossEntropies.push(sumsByImage(tf.sub(tf.softplus(logits), tf.mul(images, logits))))
        answer.squaredErrors.push(sumsByImage(tf.squaredDifference(probabilities, images)))
        if (withReconstructions) answer.reconstructions.push(probabilities.dataSync() as Float32Array)
      }
    })
    return answer
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

    evaluate: () => evaluateImages(models.length, test, lookAt),
    measureQuality: () => measureQualityOfImages(models.length, test, lookAt),
    reconstruct: (indices) => reconstructImages(indices, lookAt),

    async save() {
      return groups.flatMap((group) => {
        const state = stateOf(group)
        const kinds = stateKinds.map((kind) => unpack(tf, group.models, state[kind]))
        return byModel(group.models, { kinds, step: state.step })
      })
    },

    async load(states) {
      for (const group of groups) {
        const { kinds, step } = byKind(group.models, states)
        const [weights, firstMoment, secondMoment] = kinds.map((ofKind) => pack(tf, group.models, ofKind))
        setState(group, { weights, firstMoment, secondMoment, step } as State)
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

function stateOf({ state }: Group): State {
  if (state) return state
  throw notLoaded()
}

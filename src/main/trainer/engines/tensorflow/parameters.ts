// What training changes, on the device. Models whose updates are alike are one vector there, so that an update takes few operations.
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-node-gpu'
import {
  decayOf,
  optimizers,
  parameterCount,
  tensorShapes,
  tensorSizes,
  type ModelConfig,
  type Optimizer
} from '@shared/model'
import type { ModelState } from '../engine'
import type { TensorFlow } from './tensorflow'

/**
 * Most values of a vector of several models: 1 MB. With the trainer's MALLOC_MMAP_THRESHOLD_ the memory of longer ones comes from the
 * system anew in every operation: thousands of page faults a step.
 */
const VECTOR_VALUES = 250_000

/** Models of one optimizer and learning rate that have taken as many steps. */
interface Group {
  optimizer: Optimizer
  learningRate: number
  step: number
  /** Indices of the models. */
  members: number[]
  /** The weights, then each slot of the optimizer: all tensors of all members, one after another. */
  vectors: Tensor1D[]
}

/** The vectors after step `step`. `gradient` is that of a sum; times `scale` it is the mean's. */
type Update = (tf: TensorFlow, group: Group, gradient: Tensor1D, scale: number) => Tensor1D[]

/** Adam's new m and v, and its update of the weights. */
function adamParts(
  tf: TensorFlow,
  { optimizer, learningRate, step, vectors }: Group & { optimizer: 'adam' | 'adamw' },
  gradient: Tensor1D,
  scale: number
) {
  const { beta1, beta2, epsilon, rate } = optimizers[optimizer]
  const [, oldM, oldV] = vectors as [Tensor1D, Tensor1D, Tensor1D]
  const m = tf.add<Tensor1D>(tf.mul(oldM, beta1), tf.mul(gradient, (1 - beta1) * scale))
  const v = tf.add<Tensor1D>(tf.mul(oldV, beta2), tf.mul(tf.square(gradient), (1 - beta2) * scale ** 2))
  return { m, v, change: tf.div<Tensor1D>(tf.mul(m, rate(learningRate, step)), tf.add(tf.sqrt(v), epsilon)) }
}

const updates: Record<Optimizer, Update> = {
  adam(tf, group, gradient, scale) {
    const { m, v, change } = adamParts(tf, { ...group, optimizer: 'adam' }, gradient, scale)
    return [tf.sub(group.vectors[0] as Tensor1D, change), m, v]
  },
  adamw(tf, group, gradient, scale) {
    const [weights] = group.vectors as [Tensor1D]
    const { m, v, change } = adamParts(tf, { ...group, optimizer: 'adamw' }, gradient, scale)
    return [tf.sub(weights, tf.add(tf.mul(weights, decayOf(group)), change)), m, v]
  },
  rmsprop(tf, { learningRate, vectors }, gradient, scale) {
    const { rho, epsilon } = optimizers.rmsprop
    const [weights, oldV] = vectors as [Tensor1D, Tensor1D]
    const v = tf.add<Tensor1D>(tf.mul(oldV, rho), tf.mul(tf.square(gradient), (1 - rho) * scale ** 2))
    return [tf.sub(weights, tf.div(tf.mul(gradient, learningRate * scale), tf.sqrt(tf.add(v, epsilon)))), v]
  },
  sgd(tf, { learningRate, vectors }, gradient, scale) {
    const [weights, oldM] = vectors as [Tensor1D, Tensor1D]
    const m = tf.sub<Tensor1D>(tf.mul(oldM, optimizers.sgd.momentum), tf.mul(gradient, learningRate * scale))
    return [tf.add(weights, m), m]
  },
  adagrad(tf, { learningRate, vectors }, gradient, scale) {
    const [weights, oldV] = vectors as [Tensor1D, Tensor1D]
    const v = tf.add<Tensor1D>(oldV, tf.mul(tf.square(gradient), scale ** 2))
    return [
      tf.sub(weights, tf.div(tf.mul(gradient, learningRate * scale), tf.sqrt(tf.add(v, optimizers.adagrad.epsilon)))),
      v
    ]
  }
}

/** The states of `models` on the device; there are none before `load`. */
export function createParameters(tf: TensorFlow, models: readonly ModelConfig[]) {
  const shapes = models.map(({ layers }) => tensorShapes(layers))
  let groups: Group[] = []

  const sizesOf = ({ members }: Group) => members.flatMap((model) => tensorSizes(models[model]?.layers ?? []))

  function dispose(): void {
    for (const { vectors } of groups) tf.dispose(vectors)
    groups = []
  }

  return {
    dispose,

    load(states: readonly ModelState[]): void {
      dispose()
      groups = membersByUpdate(models, states).map((members) => {
        const { optimizer, learningRate } = models[members[0] ?? 0] as ModelConfig
        const own = members.map((model) => states[model] as ModelState)
        const slots = optimizers[optimizer].slots.map((_, slot) => own.flatMap((state) => state.slots[slot] ?? []))
        const vectors = [own.flatMap(({ weights }) => weights), ...slots].map((tensors) =>
          tf.tidy(() => tf.concat1d(tensors.map((values) => tf.tensor1d(values))))
        )
        return { optimizer, learningRate, step: own[0]?.step ?? 0, members, vectors }
      })
    },

    /** Weights and biases of each model. To be called within `tf.tidy`. */
    tensors(): Tensor[][] {
      const ofModels: Tensor[][] = []
      for (const group of groups) {
        const own = group.members.flatMap((model) => shapes[model] ?? [])
        const parts = tf.split(group.vectors[0] as Tensor1D, sizesOf(group))
        const tensors = parts.map((part, index) => reshaped(tf, part, own[index] ?? []))
        for (const model of group.members) ofModels[model] = tensors.splice(0, shapes[model]?.length)
      }
      return ofModels
    },

    /** Takes a step. `gradients`: of each model's summed loss as lossAndGradient gives them; times `scale` they are the mean's. */
    update(gradients: Tensor1D[][], scale: number): void {
      for (const group of groups) {
        group.step++
        const before = group.vectors
        group.vectors = tf.tidy(() => {
          const gradient = tf.concat1d(group.members.flatMap((model) => gradients[model] ?? []))
          return updates[group.optimizer](tf, group, gradient, scale)
        })
        group.vectors.forEach((vector) => tf.keep(vector))
        tf.dispose(before)
      }
    },

    save(): ModelState[] {
      const states = models.map(({ id }): ModelState => ({ id, weights: [], slots: [], step: 0 }))
      for (const group of groups) {
        const kinds = group.vectors.map((vector) => cut(vector.dataSync() as Float32Array, sizesOf(group)))
        for (const model of group.members) {
          const [weights = [], ...slots] = kinds.map((tensors) => tensors.splice(0, shapes[model]?.length))
          Object.assign(states[model] as ModelState, { weights, slots, step: group.step })
        }
      }
      return states
    }
  }
}

/** Indices of the models, those together that differ in nothing that an update depends on, as long as their vector is short. */
function membersByUpdate(models: readonly ModelConfig[], states: readonly ModelState[]): number[][] {
  const groups: { key: string; values: number; members: number[] }[] = []
  models.forEach(({ layers, optimizer, learningRate }, model) => {
    const key = [optimizer, learningRate, states[model]?.step].join()
    const values = parameterCount(layers)
    const group = groups.find((one) => one.key === key && one.values + values <= VECTOR_VALUES)
    group?.members.push(model)
    if (group) group.values += values
    else groups.push({ key, values, members: [model] })
  })
  return groups.map(({ members }) => members)
}

/** A part of a vector as the tensor that it is; a bias is one already. */
const reshaped = (tf: TensorFlow, part: Tensor, shape: number[]): Tensor =>
  shape.length === 1 ? part : tf.reshape(part, shape)

/** The tensors that stand one after another in a vector, copied. */
function cut(values: Float32Array, sizes: readonly number[]): Float32Array[] {
  let start = 0
  return sizes.map((size) => values.slice(start, (start += size)))
}

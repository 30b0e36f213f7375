// A session with TensorFlow in the thread that it is opened in, which each call blocks until it is done: so calls are answered in their order.
import type { Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { LabError } from '@shared/errors'
import { codeUnits, type ModelConfig } from '@shared/model'
import type { EngineSession, ForwardResult, ForwardValue, Images, SessionConfig } from '../engine'
import { forwardValue, layerOutputs, lossAndGradient } from './network'
import { createParameters } from './parameters'
import { loadTensorflow, usesGpu, type TensorFlow } from './tensorflow'

/** TensorFlow takes its number of threads from the environment. */
export type TensorflowConfig = Omit<SessionConfig, 'threads'> & {
  /** The npm package to load. */
  packageFolder: string
}

/** The same as of any engine, but all that it needs of a signal is whether it is aborted. */
export interface ThreadSession extends Omit<EngineSession, 'steps'> {
  steps(order: Int32Array, signal?: { readonly aborted: boolean }): ReturnType<EngineSession['steps']>
}

/** Images per pass of `forward`. */
const IMAGES_AT_ONCE = 500

/** Throws LabError `device-unavailable` where the package does not load or computes elsewhere. */
export async function openSession({ models, train, device, packageFolder }: TensorflowConfig): Promise<ThreadSession> {
  const tf = loadTensorflow(packageFolder)
  checkDevice(tf, device)
  const parameters = createParameters(tf, models)
  const batchSize = models[0]?.batchSize ?? 1

  /** One step of all models; answers with the mean loss of each before it. */
  function trainBatch(indices: Int32Array): Float32Array {
    return tf.tidy(() => {
      const images = toTensor(tf, train, indices)
      const tensors = parameters.tensors()
      // A tidy for each model: what it takes on its way is gone before the next.
      const results = models.map((model, index) =>
        tf.tidy(() => lossAndGradient(tf, model, tensors[index] ?? [], images))
      )
      const gradients = results.map((result) => result.gradients)
      parameters.update(gradients, 1 / images.size)
      return tf.div(tf.stack(results.map(({ loss }) => loss)), images.size).dataSync() as Float32Array
    })
  }

  return {
    async steps(order, signal) {
      const began = performance.now()
      const losses: number[] = []
      for (let start = 0; start < order.length && !signal?.aborted; start += batchSize) {
        losses.push(...trainBatch(order.subarray(start, start + batchSize)))
      }
      return { losses: Float32Array.from(losses), milliseconds: performance.now() - began }
    },

    async forward<Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) {
      const empty = (value: Value) =>
        models.map((model) => new Float32Array(indices.length * widthOf(value, model, images)))
      const result = Object.fromEntries(values.map((value) => [value, empty(value)])) as ForwardResult<Value>
      for (let start = 0; start < indices.length; start += IMAGES_AT_ONCE) {
        tf.tidy(() => {
          const x = toTensor(tf, images, indices.subarray(start, start + IMAGES_AT_ONCE))
          parameters.tensors().forEach((tensors, index) => {
            const model = models[index] as ModelConfig
            const outputs = layerOutputs(tf, model.layers, tensors, x)
            for (const value of values) {
              const answer = forwardValue(tf, value, outputs, x).dataSync()
              result[value][index]?.set(answer, start * widthOf(value, model, images))
            }
          })
        })
      }
      return result
    },

    save: async () => parameters.save(),
    load: async (states) => parameters.load(states),
    close: async () => parameters.dispose()
  }
}

/** Numbers that `forward` answers with for each image. */
function widthOf(value: ForwardValue, { layers }: ModelConfig, { size }: Images): number {
  return value === 'code' ? codeUnits(layers) : value === 'reconstruction' ? size : 1
}

/** Throws where TensorFlow would compute elsewhere than asked for. */
function checkDevice(tf: TensorFlow, device: string): void {
  const actual = usesGpu(tf) ? 'tensorflow-cuda' : 'tensorflow-cpu'
  if (device === actual) return
  const details = { found: device, expected: actual }
  throw new LabError('device-unavailable', 'TensorFlow can’t be used on this device', details)
}

/** Images as numbers from 0 to 1, [indices, size]. */
function toTensor(tf: TensorFlow, { pixels, size }: Images, indices: Int32Array): Tensor2D {
  const values = new Float32Array(indices.length * size)
  indices.forEach((index, row) => values.set(pixels.subarray(index * size, (index + 1) * size), row * size))
  return tf.div(tf.tensor2d(values, [indices.length, size]), 255)
}

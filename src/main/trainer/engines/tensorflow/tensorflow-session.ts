// A session with TensorFlow in the thread that it is opened in, whose computing blocks that thread.
import { setImmediate } from 'node:timers/promises'
import type { Tensor2D } from '@tensorflow/tfjs-node-gpu'
import { LabError } from '@shared/errors'
import type { ModelConfig } from '@shared/model'
import { forwardWidth, type EngineSession, type ForwardResult, type ForwardValue, type Images } from '../engine'
import { createInOrder } from '../in-order'
import type { RemoteJob } from '../remote-session'
import { forwardValue, layerOutputs, lossAndGradient } from './network'
import { createParameters } from './parameters'
import { asLabError, loadTensorflow, usesGpu, type TensorFlow } from './tensorflow'

/** Images per pass of `forward`. */
const IMAGES_AT_ONCE = 500

/** Throws LabError `device-unavailable` where the package does not load or computes elsewhere. */
export async function openSession({ models, train, device }: RemoteJob, packageFolder: string): Promise<EngineSession> {
  const tf = loadTensorflow(packageFolder)
  checkDevice(tf, device)
  const parameters = createParameters(tf, models)
  const batchSize = models[0]?.batchSize ?? 1
  const inOrder = createInOrder()
  const call = <Result>(work: () => Result | Promise<Result>) =>
    inOrder(work).catch((thrown: unknown) => {
      throw asLabError(thrown)
    })

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

  async function steps(order: Int32Array, signal?: AbortSignal) {
    const began = performance.now()
    const losses: number[] = []
    for (let start = 0; start < order.length && !signal?.aborted; start += batchSize) {
      losses.push(...trainBatch(order.subarray(start, start + batchSize)))
      await setImmediate() // a stop is heard between two batches
    }
    return { losses: Float32Array.from(losses), milliseconds: performance.now() - began }
  }

  function forward<Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) {
    const empty = (value: Value) =>
      models.map((model) => new Float32Array(indices.length * forwardWidth(value, model, images)))
    const result = Object.fromEntries(values.map((value) => [value, empty(value)])) as ForwardResult<Value>
    for (let start = 0; start < indices.length; start += IMAGES_AT_ONCE) {
      tf.tidy(() => {
        const x = toTensor(tf, images, indices.subarray(start, start + IMAGES_AT_ONCE))
        parameters.tensors().forEach((tensors, index) => {
          const model = models[index] as ModelConfig
          const outputs = layerOutputs(tf, model.layers, tensors, x)
          for (const value of values) {
            const answer = forwardValue(tf, value, outputs, x).dataSync()
            result[value][index]?.set(answer, start * forwardWidth(value, model, images))
          }
        })
      })
    }
    return result
  }

  return {
    steps: (order, signal) => call(() => steps(order, signal)),
    forward: (images, indices, values) => call(() => forward(images, indices, values)),
    save: () => call(() => parameters.save()),
    load: (states) => call(() => parameters.load(states)),
    close: () => call(() => parameters.dispose())
  }
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

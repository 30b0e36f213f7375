// A session of the kernels as the engine's five methods.
import { activations, losses, optimizers, stateSize, tensorSizes, type ModelConfig } from '@shared/model'
import {
  forwardValues,
  forwardWidth,
  type EngineSession,
  type ForwardResult,
  type ForwardValue,
  type Images,
  type ModelState,
  type SessionConfig
} from '../engine'
import { kernelError, type Done, type Kernels } from './load-kernels'

const sharedFloats = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length))
const sharedDoubles = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length))

/** The numbers in which the kernels take models (Session::describe in src/kernels/session.h). */
export function description({ models, train, threads }: SessionConfig): Float64Array {
  const ofModel = ({ learningRate, optimizer, loss, layers }: ModelConfig) => [
    ...[learningRate, Object.keys(optimizers).indexOf(optimizer), losses.indexOf(loss), layers.length],
    ...layers.flatMap(({ units, activation }) => [units, activations.indexOf(activation)])
  ]
  return Float64Array.of(train.size, models[0]?.batchSize ?? 0, threads, models.length, ...models.flatMap(ofModel))
}

/** The same pixels on shared memory. */
function shared({ pixels, count, size }: Images): Uint8Array {
  const all = pixels.subarray(0, count * size)
  if (pixels.buffer instanceof SharedArrayBuffer) return all
  const copy = new Uint8Array(new SharedArrayBuffer(all.length))
  copy.set(all)
  return copy
}

/** Throws LabError `out-of-memory` or `bad-value`. */
export function openSession(kernels: Kernels, instructionSet: string, config: SessionConfig): EngineSession {
  const { models, train } = config
  const batchSize = models[0]?.batchSize ?? 1
  const handle = attempt(() => kernels.open(instructionSet, description(config), shared(train)))
  const shapes = models.map(({ layers }) => tensorSizes(layers))
  const slotCounts = models.map(({ optimizer }) => optimizers[optimizer].slots.length)
  const allStates = models.reduce((sum, model) => sum + stateSize(model), 0)
  let calls = 0
  let last: Promise<unknown> = Promise.resolve()
  /** Makes a call; what it throws and rejects with becomes a LabError. */
  const call = (make: () => Promise<Done>): Promise<Done> => {
    const answer = attempt(make).catch((thrown) => Promise.reject(kernelError(thrown)))
    last = answer.catch(() => undefined)
    return answer
  }

  return {
    async steps(order, signal) {
      if (order.length === 0 || signal?.aborted) {
        await last
        return { losses: new Float32Array(0), milliseconds: 0 }
      }
      const given = attempt(() => sharedFloats(Math.ceil(order.length / batchSize) * models.length))
      const id = ++calls
      const stop = () => kernels.stop(handle, id)
      const answer = call(() => kernels.steps(handle, order, given, id))
      if (signal?.aborted) stop()
      signal?.addEventListener('abort', stop)
      try {
        const { batches, milliseconds } = await answer
        return { losses: given.slice(0, batches * models.length), milliseconds }
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    },

    async forward<Value extends ForwardValue>(images: Images, indices: Int32Array, values: readonly Value[]) {
      const wanted = forwardValues.filter((value) => (values as readonly ForwardValue[]).includes(value))
      const sizes = wanted.map((value) => models.map((model) => indices.length * forwardWidth(value, model, train)))
      const answers = attempt(() => sharedFloats(sizes.flat().reduce((a, b) => a + b, 0)))
      const bits = wanted.reduce((sum, value) => sum + 2 ** forwardValues.indexOf(value), 0)
      if (answers.length === 0) await last
      else await call(() => kernels.forward(handle, shared(images), indices, bits, answers))
      const cut = cutter(answers)
      return Object.fromEntries(wanted.map((value, v) => [value, (sizes[v] ?? []).map(cut)])) as ForwardResult<Value>
    },

    async save() {
      const [state, steps] = attempt(() => [sharedFloats(allStates), sharedDoubles(models.length)] as const)
      await call(() => kernels.save(handle, state, steps))
      const cut = cutter(state)
      return models.map(({ id }, m) => ({
        id,
        weights: (shapes[m] ?? []).map(cut),
        slots: Array.from({ length: slotCounts[m] ?? 0 }, () => (shapes[m] ?? []).map(cut)),
        step: steps[m] ?? 0
      }))
    },

    async load(states: readonly ModelState[]) {
      const [state, steps] = attempt(() => [sharedFloats(allStates), sharedDoubles(models.length)] as const)
      let at = 0
      for (const tensor of states.flatMap(({ weights, slots }) => [weights, ...slots].flat())) {
        state.set(tensor, at)
        at += tensor.length
      }
      steps.set(states.map(({ step }) => step))
      await call(() => kernels.load(handle, state, steps))
    },

    async close() {
      await call(() => kernels.close(handle))
    }
  }
}

/** Cuts consecutive pieces, which share the memory of `from`. */
function cutter(from: Float32Array): (length: number) => Float32Array {
  let at = 0
  return (length) => from.subarray(at, (at += length))
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (thrown) {
    throw kernelError(thrown)
  }
}

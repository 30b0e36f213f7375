// What the worker does: runs models on images, long work in slices so that what a pointer waits for comes between.
import type { TestImages } from '@shared/contract'
import { weightsOf } from '@shared/epoch-weights'
import { toLabErrorData } from '@shared/errors'
import { decode, encode } from '@shared/forward'
import { codeUnits, parameterCount, type LayerConfig } from '@shared/model'
import { codeMap } from './code-map'
import { mseOf } from './errors'
import type { FromWorker, ModelAt, TaskName, Tasks, ToWorker } from './messages'

interface Model {
  layers: LayerConfig[]
  weights: Float32Array[]
}

/** Weights that were forgotten since: nobody waits for the answer any more. */
class Forgotten extends Error {}

/** Multiplications in a slice: some 10 ms of work. */
const SLICE = 8e6

/** Yields the share that is done, 0 to 1, after each slice. */
type Work<Name extends TaskName> = Generator<number, Tasks[Name]['result']>

/** Answers messages with `post`. `nextTurn` calls back once messages that have come meanwhile were received. */
export function createModelWork(post: (message: FromWorker) => void, nextTurn: (go: () => void) => void) {
  const epochs = new Map<string, (Model | { layers: LayerConfig[]; bytes: Uint8Array })[]>()
  const underWay = new Map<number, Work<TaskName>>()
  let images: TestImages | null = null
  /** Their pixels from 0 to 1. */
  let inputs = new Float32Array()
  let isTurnAwaited = false

  function receive(message: ToWorker): void {
    switch (message.type) {
      case 'images':
        for (const id of underWay.keys()) post({ id, result: null }) // they are about others
        underWay.clear()
        images = message.images
        inputs = new Float32Array(images.pixels).map((value) => value / 255)
        return
      case 'weights':
        epochs.set(message.key, message.models)
        return
      case 'forget':
        epochs.delete(message.key)
        return
      case 'cancel':
        if (underWay.delete(message.id)) post({ id: message.id, result: null })
        return
      case 'task':
        underWay.set(message.id, begin(message.name, message.input))
        go(message.id)
        awaitTurn()
    }
  }

  function begin(name: TaskName, input: Tasks[TaskName]['input']): Work<TaskName> {
    return work[name](input as never)
  }

  function awaitTurn(): void {
    if (isTurnAwaited || underWay.size === 0) return
    isTurnAwaited = true
    nextTurn(() => {
      isTurnAwaited = false
      const [id] = underWay.keys()
      if (id !== undefined) go(id)
      awaitTurn()
    })
  }

  /** One slice of a task. */
  function go(id: number): void {
    try {
      const step = underWay.get(id)?.next()
      if (!step) return
      if (!step.done) return post({ id, share: step.value })
      underWay.delete(id)
      post({ id, result: step.value })
    } catch (error) {
      underWay.delete(id)
      post({ id, result: null, ...(error instanceof Forgotten ? {} : { error: toLabErrorData(error) }) })
    }
  }

  function modelAt({ key, model }: ModelAt): Model {
    const models = epochs.get(key)
    const found = models?.[model]
    if (!models || !found) throw new Forgotten()
    if ('weights' in found) return found
    const { layers, bytes } = found
    return (models[model] = { layers, weights: weightsOf(bytes, layers) })
  }

  function testImages(): TestImages {
    if (!images) throw new RangeError('no test images')
    return images
  }

  /** The test images from `first` on, 0 to 1, fewer at the end. */
  function imagesFrom(first: number, count: number): Float32Array {
    const { rows, columns } = testImages()
    return inputs.subarray(first * rows * columns, (first + count) * rows * columns)
  }

  const work: { [Name in TaskName]: (input: Tasks[Name]['input']) => Work<Name> } = {
    *reconstruct({ key, models, images: given }) {
      return models.map((model) => {
        const { layers, weights } = modelAt({ key, model })
        const codes = encode(layers, weights, given)
        return { codes, pixels: decode(layers, weights, codes) }
      })
    },
    *decode({ codes, ...at }) {
      const { layers, weights } = modelAt(at)
      return decode(layers, weights, codes)
    },
    *map(at) {
      const { layers, weights } = modelAt(at)
      const units = codeUnits(layers)
      const count = testImages().labels.length
      const codes = new Float32Array(count * units)
      const together = sliceOf(layers)
      for (let first = 0; first < count; first += together) {
        codes.set(encode(layers, weights, imagesFrom(first, together)), first * units)
        yield Math.min(1, (first + together) / count)
      }
      return codeMap(codes, units)
    },
    *errors({ count: most, ...at }) {
      const { layers, weights } = modelAt(at)
      const { labels, rows, columns } = testImages()
      const size = rows * columns
      const count = Math.min(most, labels.length)
      const mse = new Float32Array(count)
      const together = sliceOf(layers)
      for (let first = 0; first < count; first += together) {
        const originals = imagesFrom(first, Math.min(together, count - first))
        const drawn = decode(layers, weights, encode(layers, weights, originals))
        for (let image = 0; image < originals.length / size; image++) {
          const [start, end] = [image * size, (image + 1) * size]
          mse[first + image] = mseOf(originals.subarray(start, end), drawn.subarray(start, end))
        }
        yield Math.min(1, (first + together) / count)
      }
      return { mse, sortedMse: mse.slice().sort() }
    },
    *unitEffects({ count, ...at }) {
      const { layers, weights } = modelAt(at)
      const units = codeUnits(layers)
      const originals = imagesFrom(0, count)
      const codes = encode(layers, weights, originals)
      const whole = mseOf(originals, decode(layers, weights, codes))
      const effects = new Float32Array(units)
      for (let unit = 0; unit < units; unit++) {
        const without = codes.map((value, index) => (index % units === unit ? 0 : value))
        effects[unit] = mseOf(originals, decode(layers, weights, without)) - whole
        yield (unit + 1) / units
      }
      return effects
    }
  }

  return { receive }
}

function sliceOf(layers: readonly LayerConfig[]): number {
  return Math.max(16, Math.floor(SLICE / parameterCount(layers)))
}

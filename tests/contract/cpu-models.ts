// What the tests of the CPU engine train: models of any shape, and images made for them.
import { createHash } from 'node:crypto'
import { randomStream } from '@shared/random'
import type { Activation, LayerConfig, Loss, ModelConfig } from '@shared/model'
import type { Images, ModelState, SessionConfig } from '../../src/main/trainer/engines/engine'

export interface Shape {
  size: number
  hidden: readonly number[]
  activation?: Activation
  loss?: Loss
  batchSize?: number
  seed?: number
  learningRate?: number
}

/** A model of these hidden layers. */
export function modelOf({
  size,
  hidden,
  activation = 'relu',
  loss = 'bce',
  batchSize = 8,
  seed = 1,
  learningRate = 0.001
}: Shape): ModelConfig {
  const layers: LayerConfig[] = hidden.map((units) => ({ units, activation }))
  const name = hidden.join('-')
  return {
    id: `${name}.${activation}.${loss}`,
    label: name,
    rank: 0,
    value: name,
    layers: [...layers, { units: size, activation: 'sigmoid' }],
    optimizer: 'adam',
    learningRate,
    loss,
    batchSize,
    epochs: 1,
    seed,
    initKey: name
  }
}

/** Images with a share of lit pixels, on shared memory. */
export function imagesOf(count: number, size: number, lit: number): Images {
  const random = randomStream(1, 'images', `${count} ${size} ${lit}`)
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size))
  for (let p = 0; p < pixels.length; p++) pixels[p] = random() < lit ? 1 + Math.floor(255 * random()) : 0
  return { pixels, count, size }
}

/** An order of so many images. */
export function orderOf(length: number, count: number): Int32Array {
  const random = randomStream(1, 'order', `${length}`)
  return Int32Array.from({ length }, () => Math.floor(random() * count))
}

export function configOf(models: readonly ModelConfig[], train: Images, threads = 2): SessionConfig {
  return { models, train, device: 'cpu', threads }
}

/** One image, its pixels from 0 to 1. */
export function imageAt({ pixels, size }: Images, index: number): Float64Array {
  return Float64Array.from(pixels.subarray(index * size, (index + 1) * size), (value) => value / 255)
}

/** Digest of a model's state and losses: two are equal only bit for bit. */
export function digestOf({ weights, slots, step }: ModelState, losses: ArrayLike<number>): string {
  const digest = createHash('sha256').update(`${step}`)
  for (const tensor of [Float32Array.from(losses), ...weights, ...slots.flat()]) digest.update(tensor)
  return digest.digest('hex')
}

/** The losses of one of the models of a call. */
export function lossesOf(losses: Float32Array, models: number, m: number): Float32Array {
  return losses.filter((_, n) => n % models === m)
}

// Steps of each optimizer as Keras 3 has taken them (tests/fixtures/keras): what every engine must take as well.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { optimizers, tensorSizes, type Activation, type Loss, type ModelConfig, type Optimizer } from '@shared/model'
import type { EngineSession, Images, ModelState } from '../../src/main/trainer/engines/engine'

interface Case {
  optimizer: Optimizer
  shape: string
  learningRate: number
  hidden: number[]
  activation: Activation
  loss: Loss
  before: string
  losses: number[]
  after: string
  slots: string[]
}
interface Fixture {
  size: number
  count: number
  batchSize: number
  pixels: string
  order: number[]
  cases: Case[]
}

const { size, count, batchSize, ...fixture } = JSON.parse(
  readFileSync('tests/fixtures/keras/optimizers.json', 'utf8')
) as Fixture

export interface KerasCase {
  name: string
  model: ModelConfig
  before: ModelState
  /** Before each step. */
  losses: number[]
  /** All tensors in order, one after another, after the last step; of the slots each the same. */
  after: Float64Array
  slots: Float64Array[]
}

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, 'base64')).buffer
}

export const kerasTrain: Images = {
  pixels: new Uint8Array(new SharedArrayBuffer(count * size)),
  count,
  size
}
kerasTrain.pixels.set(new Uint8Array(bytesOf(fixture.pixels)))
export const kerasOrder = Int32Array.from(fixture.order)

export const kerasCases = fixture.cases.map((one, rank): KerasCase => {
  const { optimizer, learningRate, loss, hidden, activation } = one
  const id = `${optimizer}-${one.shape}`
  const layers = [...hidden.map((units) => ({ units, activation })), { units: size, activation: 'sigmoid' as const }]
  const training = { optimizer, learningRate, loss, batchSize, epochs: 1, seed: 1 }
  const sizes = tensorSizes(layers)
  const values = new Float32Array(bytesOf(one.before))
  let at = 0
  const weights = sizes.map((length) => values.slice(at, (at += length)))
  const { slots, initialSlot } = optimizers[optimizer]
  const begin = () => sizes.map((length) => new Float32Array(length).fill(initialSlot))
  return {
    name: `${optimizer}, ${one.shape}`,
    model: { id, label: id, rank, value: id, layers, initKey: id, ...training },
    before: { id, weights, slots: slots.map(begin), step: 0 },
    losses: one.losses,
    after: new Float64Array(bytesOf(one.after)),
    slots: one.slots.map((slot) => new Float64Array(bytesOf(slot)))
  }
})

/** Trains all of them beside each other and expects what Keras has: losses within 1e-6, weights within 1e-5, slots within 1e-4 of the largest. */
export async function expectAsKeras(open: (models: ModelConfig[], train: Images) => Promise<EngineSession>) {
  const session = await open(
    kerasCases.map(({ model }) => model),
    kerasTrain
  )
  await session.load(kerasCases.map(({ before }) => before))
  const { losses } = await session.steps(kerasOrder)
  const states = await session.save()
  kerasCases.forEach((expected, m) => {
    const own = [...losses].filter((_, n) => n % kerasCases.length === m)
    expect(largestDifference(own, expected.losses), `losses, ${expected.name}`).toBeLessThan(1e-6)
    const { weights, slots } = states[m] as ModelState
    expect(largestDifference(joined(weights), expected.after), `weights, ${expected.name}`).toBeLessThan(1e-5)
    expect(slots.length).toBe(expected.slots.length)
    expected.slots.forEach((slot, s) => {
      const most = slot.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      const difference = largestDifference(joined(slots[s] ?? []), slot)
      expect(difference / most, `slot ${s}, ${expected.name}`).toBeLessThan(1e-4)
    })
  })
}

export function joined(tensors: readonly ArrayLike<number>[]): number[] {
  return tensors.flatMap((tensor) => Array.from(tensor))
}

/** NaN where the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce(
    (most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))),
    a.length === b.length ? 0 : NaN
  )
}

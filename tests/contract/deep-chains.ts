// The deep chains of the depth experiments, 784-128-64-d-64-128-784, and what double precision makes of their gradients.
import { expect } from 'vitest'
import { losses, type ModelConfig } from '@shared/model'
import { randomStream } from '@shared/random'
import type { EngineSession, Images, ModelState } from '../../src/main/trainer/engines/engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { referenceGradient, referenceModel } from '../fixtures/float64/reference'
import { imageAt, imagesOf, modelOf, orderOf } from './cpu-models'

export const chainImages = imagesOf(8, 784, 0.2)
const batchSize = 4
const order = orderOf(batchSize, chainImages.count)
export const chainBatch = Array.from(order, (index) => imageAt(chainImages, index))

/** With SGD and a learning rate of 1 the slot after one step is the gradient, with its sign turned. */
export const chains: ModelConfig[] = (['relu', 'tanh'] as const).flatMap((activation) =>
  losses.flatMap((loss) =>
    [2, 8].map((d): ModelConfig => {
      const hidden = [128, 64, d, 64, 128]
      return { ...modelOf({ size: 784, hidden, activation, loss, batchSize, learningRate: 1 }), optimizer: 'sgd' }
    })
  )
)

/** Biases other than 0 too: a unit whose inputs are all 0 would stand on relu's kink. */
export function chainState(model: ModelConfig): ModelState {
  const state = initialState(model)
  const random = randomStream(1, 'biases', model.id)
  const biases = state.weights.filter((_, tensor) => tensor % 2 === 1)
  biases.forEach((bias) => bias.forEach((_, n) => (bias[n] = 0.4 * random() - 0.2)))
  return state
}

/** By the chain's id: computed once, whatever number of engines asks. */
const references = new Map<string, ReturnType<typeof referenceGradient>>()

function reference(model: ModelConfig) {
  const known = references.get(model.id) ?? referenceGradient(referenceModel(model, chainState(model)), chainBatch)
  references.set(model.id, known)
  return known
}

/** Takes one step of all chains beside each other: losses within 1e-6 of double precision, each tensor's gradient within 1e-5 of its largest value. */
export async function expectDeepGradients(open: (models: ModelConfig[], train: Images) => Promise<EngineSession>) {
  const session = await open(chains, chainImages)
  await session.load(chains.map(chainState))
  const { losses: found } = await session.steps(order)
  const states = await session.save()
  chains.forEach((model, m) => {
    const { id } = model
    const { loss, gradients } = reference(model)
    expect(Math.abs((found[m] as number) - loss), `loss of ${id}`).toBeLessThan(1e-6)
    const [slot = []] = (states[m] as ModelState).slots
    gradients.forEach((gradient, t) => {
      const own = slot[t] as Float32Array
      expect(own.length).toBe(gradient.length)
      let difference = 0
      let largest = 0
      gradient.forEach((value, n) => {
        difference = Math.max(difference, Math.abs((own[n] as number) + value))
        largest = Math.max(largest, Math.abs(value))
      })
      expect(largest).toBeGreaterThan(0)
      expect(difference / largest, `gradient of tensor ${t} of ${id}`).toBeLessThan(1e-5)
    })
  })
}

// The GPU's graphs, run on the CPU: what they compute does not depend on the device.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { activations } from '@shared/experiment'
import type { ModelSpec } from '../../../../../../src/main/trainer/engine'
import { GRADIENT_FACTOR, adamRate } from '../../../../../../src/main/trainer/engines/adam-factors'
import { openGroup } from '../../../../../../src/main/trainer/engines/onnxruntime/group'
import { flatLength, flatten, unflatten } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/flat-state'
import { stateNames, stepGraph } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/step-graph'
import { initialState } from '../../../../../../src/main/trainer/initialize'
import { testDigits, trainingDigits } from '../../digits'

const PIXELS = 784
const BATCH = 16
const RATE = 0.001
const train = trainingDigits(400)
const spec = (latentDim: number, activation: ModelSpec['activation'] = 'relu') => ({
  name: `d=${latentDim}${activation}`,
  latentDim,
  activation
})

/** Takes the steps of `order` on the CPU, `atOnce` a run of the graph. */
async function steps(models: ModelSpec[], order: Int32Array, atOnce: number) {
  const { bytes, outputs } = stepGraph(models, atOnce)
  const session = await InferenceSession.create(bytes, { executionProviders: ['cpu'], intraOpNumThreads: 1 })
  const length = flatLength(models)
  const weights = flatten(
    models,
    models.map((model) => initialState(model, 3).weights)
  )
  let state = [weights, new Float32Array(length), new Float32Array(length)]
  const losses: number[] = []
  const images = new Tensor('uint8', new Uint8Array(train.pixels), [train.count, PIXELS])
  for (let first = 0; first < order.length; first += atOnce * BATCH) {
    const taken = first / BATCH
    const rates = Float32Array.from({ length: atOnce }, (_, index) => adamRate(RATE, taken + index + 1))
    const results = await session.run({
      images,
      order: new Tensor('int32', order.slice(first, first + atOnce * BATCH), [atOnce, BATCH]),
      rates: new Tensor('float32', rates, [atOnce]),
      gradientFactor: new Tensor('float32', Float32Array.of(GRADIENT_FACTOR / (BATCH * PIXELS)), []),
      ones: new Tensor('float32', new Float32Array(BATCH).fill(1), [1, BATCH]),
      ...Object.fromEntries(
        stateNames.map((name, index) => [name, new Tensor('float32', state[index] ?? weights, [length])])
      )
    })
    const numbers = outputs.map((name) => results[name]?.data as Float32Array)
    state = numbers.slice(0, 3)
    losses.push(...[...(numbers[3] ?? [])].map((sum) => sum / (BATCH * PIXELS)))
  }
  await session.release()
  return { state, losses }
}

const order = (count: number) => Int32Array.from({ length: count * BATCH }, (_, place) => (place * 31) % train.count)

describe.each([
  { title: 'one', models: [spec(5)] },
  { title: 'six', models: [2, 3, 5, 8, 1, 12].map((latentDim) => spec(latentDim)) },
  {
    title: 'more than a launch can bind',
    models: Array.from({ length: 15 }, (_, index) => spec(index + 1, activations[index % 4]))
  },
  { title: 'differently activated', models: activations.map((activation, index) => spec(index + 2, activation)) }
])('the step graph of $title', ({ models }) => {
  it('takes the steps that the CPU’s own graph takes', async () => {
    const group = await openGroup({
      models,
      batchSize: BATCH,
      learningRate: RATE,
      train,
      test: testDigits(5),
      threads: 1
    })
    await group.load(models.map((model) => initialState(model, 3)))
    const expected = await group.steps(order(14))
    const saved = await group.save()
    await group.close()

    const { state, losses } = await steps(models, order(14), 7)
    losses.forEach((loss, index) => expect(Math.abs(loss - (expected[index] ?? NaN))).toBeLessThan(1e-6))
    const weights = flatten(
      models,
      saved.map((model) => model.weights)
    )
    const largest = weights.reduce(
      (most, weight, index) => Math.max(most, Math.abs(weight - (state[0]?.[index] ?? NaN))),
      0
    )
    expect(largest).toBeLessThan(1e-5)
  })

  it('ends in the same bits, whether steps are unrolled or not', async () => {
    const [unrolled, single] = [await steps(models, order(7), 7), await steps(models, order(7), 1)]
    expect(unrolled.losses).toEqual(single.losses)
    expect(unrolled.state.map((part) => [...new Uint32Array(part.slice().buffer)])).toEqual(
      single.state.map((part) => [...new Uint32Array(part.slice().buffer)])
    )
  })
})

it('flatten and unflatten are each other’s inverse', () => {
  const models = [spec(3), spec(1), spec(10)]
  const tensors = models.map((model) => {
    const { weights } = initialState(model, 5)
    weights['encoder.bias'].fill(model.latentDim)
    weights['decoder.bias'].fill(-model.latentDim)
    return weights
  })
  expect(unflatten(models, flatten(models, tensors))).toEqual(tensors)
})

// The TensorFlow engine against training in double precision, in the thread that the application builds for it.
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { activations, losses, type Activation, type LayerConfig, type Loss, type ModelConfig } from '@shared/model'
import { randomStream, shuffle } from '@shared/random'
import type { EngineSession, Images, ModelState } from '../../src/main/trainer/engines/engine'
import { createTensorflowEngine } from '../../src/main/trainer/engines/tensorflow/tensorflow-engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { referenceForward, referenceModel, referenceStep, type ReferenceModel } from '../fixtures/float64/reference'
import { expectAsKeras } from './keras-cases'

const engine = createTensorflowEngine({ workerPath: resolve('out/main/tensorflow-worker.js') })
const found = await engine.devices()
const usable = found.find((device) => device.usable)
const [{ detail, remedy }] = found as [(typeof found)[0]]
const BATCH = 12

interface Changes extends Partial<ModelConfig> {
  activation?: Activation
}

/** A model for images of `size` pixels whose hidden layers have these units. */
function model(size: number, hidden: number[], { activation = 'tanh', ...changes }: Changes = {}): ModelConfig {
  const layers: LayerConfig[] = [
    ...hidden.map((units) => ({ units, activation })),
    { units: size, activation: 'sigmoid' }
  ]
  const id = [activation, changes.loss ?? 'bce', ...hidden].join('-')
  const training = { optimizer: 'adam', learningRate: 1e-3, loss: 'bce', batchSize: BATCH, epochs: 1, seed: 3 } as const
  return { id, label: id, rank: 0, value: 0, layers, initKey: id, ...training, ...changes }
}

/** Images of which a fifth of the pixels is lit, in shared memory as the trainer has them. */
function noise(count: number, size: number, seed = 1): Images {
  const random = randomStream(seed)
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size))
  for (let i = 0; i < pixels.length; i++) pixels[i] = random() < 0.2 ? Math.floor(random() * 256) : 0
  return { pixels, count, size }
}

/** Indices of so many batches, the last of `tail` images; one epoch after another. */
function orderOf({ count }: Images, batches: number, tail = BATCH): Int32Array {
  const length = (batches - 1) * BATCH + tail
  const epochs = Array.from({ length: Math.ceil(length / count) }, (_, epoch) => [...shuffle(1, epoch, count)])
  return Int32Array.from(epochs.flat().slice(0, length))
}

const asNumbers = ({ pixels, size }: Images, indices: Int32Array) =>
  Array.from(indices, (index) => Float64Array.from(pixels.subarray(index * size, (index + 1) * size), (x) => x / 255))

function largestDifference(actual: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  expect(actual?.length).toBe(expected.length)
  return Array.from(actual ?? []).reduce((most, x, i) => Math.max(most, Math.abs(x - (expected[i] as number))), 0)
}

/** Trains the reference on `order` and expects its losses and states; answers with it. */
function expectReference(
  models: ModelConfig[],
  train: Images,
  order: Int32Array,
  answered: Float32Array,
  after: ModelState[]
) {
  const batches = Math.ceil(order.length / BATCH)
  expect(answered.length).toBe(batches * models.length)
  return models.map((config, index): ReferenceModel => {
    const reference = referenceModel(config, initialState(config))
    const expected = Array.from({ length: batches }, (_, batch) =>
      referenceStep(reference, asNumbers(train, order.slice(batch * BATCH, (batch + 1) * BATCH)))
    )
    const own = answered.filter((_, i) => i % models.length === index)
    expect(largestDifference(own, expected), `losses of ${config.id}`).toBeLessThan(1e-6)
    const state = after[index] as ModelState
    expect(state).toMatchObject({ id: config.id, step: batches })
    reference.weights.forEach((tensor, t) =>
      expect(largestDifference(state.weights[t], tensor), `tensor ${t} of ${config.id}`).toBeLessThan(1e-5)
    )
    reference.slots.forEach((tensors, slot) =>
      tensors.forEach((tensor, t) => {
        const size = tensor.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-30)
        expect(largestDifference(state.slots[slot]?.[t], tensor) / size, `slot ${slot} of ${config.id}`).toBeLessThan(
          1e-4
        )
      })
    )
    return reference
  })
}

if (usable) describe(usable.name, () => describeSessions(usable.name))
else it('TensorFlow can’t be used here', ({ skip }) => skip(`${detail}. ${remedy}`))

function describeSessions(device: string): void {
  const opened: EngineSession[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((session) => session.close()))
  })

  async function open(models: ModelConfig[], train: Images): Promise<EngineSession> {
    const session = await engine.open({ models, train, device, threads: 2 })
    opened.push(session)
    return session
  }
  async function start(
    models: ModelConfig[],
    train: Images,
    states = models.map(initialState)
  ): Promise<EngineSession> {
    const session = await open(models, train)
    await session.load(states)
    return session
  }

  it('takes the steps of Keras with every optimizer', () => expectAsKeras(open))

  it('stays with the reference for 50 steps: every activation and loss, shallow and deep, each with a rate of its own', async () => {
    const train = noise(60, 49)
    const rates: Record<Loss, number> = { bce: 1e-3, mse: 2e-3 }
    const models = activations.flatMap((activation) =>
      losses.flatMap((loss) => [
        model(49, [3], { activation, loss, learningRate: rates[loss] }),
        model(49, [10, 3, 5], { activation, loss, learningRate: rates[loss] })
      ])
    )
    const session = await start(models, train)
    const order = orderOf(train, 50, 5)
    const { losses: answered, milliseconds } = await session.steps(order)
    expect(milliseconds).toBeGreaterThan(0)
    const after = await session.save()
    expectReference(models, train, order, answered, after)

    const others = noise(1100, 49, 2)
    const indices = Int32Array.from({ length: 1001 }, (_, i) => 1099 - i) // more than are worked on at once
    const answer = await session.forward(others, indices, ['bce', 'mse', 'reconstruction', 'code'])
    models.forEach((config, index) => {
      const own = referenceModel(config, after[index] as ModelState)
      const expected = asNumbers(others, indices).map((x) => referenceForward(own, x))
      for (const value of ['bce', 'mse'] as const) {
        const ofImages = expected.map((one) => one[value])
        expect(largestDifference(answer[value][index], ofImages), `${value} of ${config.id}`).toBeLessThan(1e-6)
      }
      for (const value of ['reconstruction', 'code'] as const) {
        const ofImages = expected.flatMap((one) => [...one[value]])
        expect(largestDifference(answer[value][index], ofImages), `${value} of ${config.id}`).toBeLessThan(1e-5)
      }
    })
  })

  it('stays with it from one unit to as many as pixels, and in a chain of six layers', async () => {
    const train = noise(30, 784)
    const hidden = [[1], [3], [130], [784], [128, 2, 128], [64, 32, 3, 32, 64]]
    const models = hidden.map((units) => model(784, units, { activation: 'relu' }))
    const session = await start(models, train)
    const order = orderOf(train, 50, 7)
    const { losses: answered } = await session.steps(order)
    expectReference(models, train, order, answered, await session.save())
  }, 600_000)

  it('stays with it with twelve models, and with an image of one pixel', async () => {
    for (const size of [1, 100]) {
      const train = noise(40, size)
      const models = Array.from({ length: 12 }, (_, index) => model(size, [index + 1]))
      const session = await start(models, train)
      const order = orderOf(train, 50)
      const { losses: answered } = await session.steps(order)
      expectReference(models, train, order, answered, await session.save())
    }
  })

  it('reports exact losses for logits far beyond where σ is 1', async () => {
    const train = noise(4, 30)
    const config = model(30, [2], { activation: 'linear' })
    const state = initialState(config)
    state.weights[3]?.fill(300)
    const session = await start([config], train, [state])
    const indices = Int32Array.of(0, 1, 2, 3)
    const { bce } = await session.forward(train, indices, ['bce'])
    const expected = asNumbers(train, indices).map((x) => referenceForward(referenceModel(config, state), x).bce)
    expect(largestDifference(bce[0], expected) / Math.max(...expected)).toBeLessThan(1e-6)
    const { losses: answered } = await session.steps(indices)
    const mean = expected.reduce((sum, x) => sum + x, 0) / 4
    expect(Math.abs((answered[0] as number) - mean) / mean).toBeLessThan(1e-6)
  })

  it('has the same bits again, and in two parts with a save and a load between', async () => {
    const train = noise(40, 784)
    const models = [2, 9, 33].map((units) => model(784, [units]))
    const order = orderOf(train, 12, 7)
    const whole = await start(models, train)
    const { losses: all } = await whole.steps(order)
    const after = await whole.save()

    const first = await start(models, train)
    const parts = [await first.steps(order.slice(0, 5 * BATCH))]
    const saved = await first.save()
    const second = await start(models, train, saved)
    parts.push(await second.steps(order.slice(5 * BATCH, 6 * BATCH)), await second.steps(order.slice(6 * BATCH)))
    expect(parts.flatMap((part) => [...part.losses])).toEqual([...all])
    expect(await second.save()).toEqual(after)

    // What was saved is the caller's: later steps leave it alone.
    const copy = structuredClone(saved)
    await first.steps(order)
    expect(saved).toEqual(copy)
  })

  it('goes on with models that have taken different numbers of steps', async () => {
    const train = noise(36, 20)
    const models = [model(20, [2]), model(20, [3]), model(20, [4])]
    const [ahead, behind] = [await start(models.slice(0, 2), train), await start(models.slice(2), train)]
    const order = orderOf(train, 3)
    await ahead.steps(order)
    const [one, two] = (await ahead.save()) as [ModelState, ModelState]
    const three = (await behind.save())[0] as ModelState
    const together = await start([models[0], models[2], models[1]] as ModelConfig[], train, [one, three, two])
    await together.steps(order)
    await ahead.steps(order)
    await behind.steps(order)
    const [first, third, second] = await together.save()
    const apart = [...(await ahead.save()), ...(await behind.save())]
    const trained = [first, second, third] as ModelState[]
    expect(trained.map(({ id, step }) => [id, step])).toEqual(apart.map(({ id, step }) => [id, step]))
    trained.forEach(({ weights }, index) =>
      weights.forEach((tensor, t) =>
        expect(largestDifference(tensor, apart[index]?.weights[t] ?? [])).toBeLessThan(1e-6)
      )
    )
  })

  it('answers calls in their order though they are made at once', async () => {
    const train = noise(40, 30)
    const models = [model(30, [4]), model(30, [6])]
    const order = orderOf(train, 4)
    const [patient, hasty] = [await start(models, train), await open(models, train)]
    const [, , before, losses, after, reconstructions] = await Promise.all([
      hasty.load(models.map(initialState)),
      hasty.steps(new Int32Array()),
      hasty.save(),
      hasty.steps(order),
      hasty.save(),
      hasty.forward(train, order, ['reconstruction'])
    ])
    expect(before.map(({ step }) => step)).toEqual([0, 0])
    expect((await patient.steps(order)).losses).toEqual(losses.losses)
    expect(await patient.save()).toEqual(after)
    expect(await patient.forward(train, order, ['reconstruction'])).toEqual(reconstructions)
  })

  it('ends a call at the next batch when its signal is aborted, and goes on from there', async () => {
    const train = noise(40, 784)
    const models = [model(784, [8])]
    const order = orderOf(train, 20_000)
    const session = await start(models, train)
    const [controller, later] = [new AbortController(), new AbortController()]
    const running = session.steps(order, controller.signal)
    const waiting = session.steps(order, later.signal)
    // Both calls have reached the thread before this one, which another session answers meanwhile.
    await (await start(models, train)).steps(order.slice(0, 5 * BATCH))
    later.abort()
    controller.abort()
    const { losses: answered } = await running
    expect(answered.length).toBeGreaterThan(0)
    expect(answered.length).toBeLessThan(20_000)
    expect((await waiting).losses).toHaveLength(0)
    expect((await session.steps(order, AbortSignal.abort())).losses).toHaveLength(0)
    const [state] = await session.save()
    expect(state?.step).toBe(answered.length)

    const again = await start(models, train)
    expect((await again.steps(order.slice(0, answered.length * BATCH))).losses).toEqual(answered)
    expect(await again.save()).toEqual([state])
  })

  it('gives its memory back: sessions opened and closed leave the resident size flat', async () => {
    const train = noise(500, 784)
    const models = [16, 64].map((units) => model(784, [units]))
    const sizes: number[] = []
    for (let repeat = 0; repeat < 12; repeat++) {
      const session = await start(models, train)
      await session.steps(orderOf(train, 60))
      await session.forward(train, shuffle(1, 1, 500), ['bce', 'reconstruction'])
      await session.save()
      await opened.pop()?.close()
      sizes.push(process.memoryUsage().rss)
    }
    const early = Math.max(...sizes.slice(2, 5))
    const late = Math.min(...sizes.slice(-3))
    expect((late - early) / 2 ** 20).toBeLessThan(30)
  }, 300_000)

  it('refuses to train before states are loaded, and a device that it does not have', async () => {
    const train = noise(12, 9)
    const session = await open([model(9, [2])], train)
    await expect(session.steps(Int32Array.of(0))).rejects.toMatchObject({ kind: 'internal' })
    const asked = engine.open({ models: [model(9, [2])], train, device: 'tensorflow-tpu', threads: 1 })
    await expect(asked).rejects.toMatchObject({
      kind: 'device-unavailable',
      data: { found: 'tensorflow-tpu', expected: 'tensorflow-cpu, tensorflow-cuda' }
    })
  })
}

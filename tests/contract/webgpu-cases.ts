// What the WebGPU engine must do in each of its hosts, against training in double precision: small enough for a software adapter.
import { afterEach, expect, it } from 'vitest'
import { activations, losses, optimizers, type LayerConfig, type ModelConfig, type Optimizer } from '@shared/model'
import { randomStream, shuffle } from '@shared/random'
import type { Engine, EngineSession, Images, ModelState } from '../../src/main/trainer/engines/engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { referenceForward, referenceModel, referenceStep, type ReferenceModel } from '../fixtures/float64/reference'
import { expectDeepGradients } from './deep-chains'
import { expectAsKeras } from './keras-cases'

const STEPS = 50

/** A model whose hidden layers have these units; a shallow one has its code alone. */
export function model(size: number, hidden: number[], changes: Partial<ModelConfig> & Partial<LayerConfig> = {}) {
  const { activation = 'relu', ...others } = changes
  const layers = [
    ...hidden.map((units) => ({ units, activation })),
    { units: size, activation: 'sigmoid' }
  ] satisfies LayerConfig[]
  const id = [activation, others.loss ?? 'bce', ...hidden].join('-')
  const training = { optimizer: 'adam', learningRate: 1e-3, loss: 'bce', batchSize: 12, epochs: 1, seed: 3 } as const
  return { id, label: id, rank: 0, value: 0, layers, initKey: id, ...training, ...others } satisfies ModelConfig
}

/** Images of which a fifth of the pixels is lit, in shared memory as the trainer has them. */
export function noise(count: number, size: number, seed = 1): Images {
  const random = randomStream(seed)
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size))
  for (let i = 0; i < pixels.length; i++) pixels[i] = random() < 0.2 ? Math.floor(random() * 256) : 0
  return { pixels, count, size }
}

const asNumbers = ({ pixels, size }: Images, indices: Int32Array) =>
  [...indices].map((index) => Float64Array.from(pixels.subarray(index * size, (index + 1) * size), (x) => x / 255))

/** Indices of so many batches, epoch after epoch; the last batch has `tail` images. */
export function orderOf({ count }: Images, batchSize: number, batches: number, tail = batchSize): Int32Array {
  const length = (batches - 1) * batchSize + tail
  const epochs = Array.from({ length: Math.ceil(length / count) }, (_, epoch) => [...shuffle(1, epoch, count)])
  return Int32Array.from(epochs.flat().slice(0, length))
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0)
}

/** Trains the reference and compares losses and states. */
function expectReference(
  models: readonly ModelConfig[],
  train: Images,
  order: Int32Array,
  answered: Float32Array,
  after: readonly ModelState[]
): ReferenceModel[] {
  return models.map((config, index) => {
    const reference = referenceModel(config, initialState(config))
    const { batchSize, id } = config
    const count = Math.ceil(order.length / batchSize)
    expect(answered.length).toBe(count * models.length)
    for (let batch = 0; batch < count; batch++) {
      const images = asNumbers(train, order.slice(batch * batchSize, (batch + 1) * batchSize))
      const loss = answered[batch * models.length + index] as number
      expect(Math.abs(loss - referenceStep(reference, images)), `loss of ${id}, batch ${batch}`).toBeLessThan(1e-6)
    }
    const state = after[index] as ModelState
    expect(state).toMatchObject({ id, step: count })
    reference.weights.forEach((tensor, t) =>
      expect(largestDifference(state.weights[t] ?? [], tensor), `tensor ${t} of ${id}`).toBeLessThan(1e-5)
    )
    reference.slots.forEach((tensors, slot) =>
      tensors.forEach((tensor, t) => {
        const size = tensor.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-30)
        expect(largestDifference(state.slots[slot]?.[t] ?? [], tensor) / size, `slot ${slot}, ${t}`).toBeLessThan(1e-4)
      })
    )
    return reference
  })
}

/** The cases on one device. `every` leaves out those that differ between hosts in nothing but time. */
export function describeGpuEngine(engine: Engine, device: string, every = true): void {
  const opened: EngineSession[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((session) => session.close()))
  })

  async function open(models: ModelConfig[], train: Images) {
    const session = await engine.open({ models, train, device, threads: 1 })
    opened.push(session)
    return session
  }
  async function start(models: ModelConfig[], train: Images, states = models.map(initialState)) {
    const session = await open(models, train)
    await session.load(states)
    return session
  }

  it('stays with the reference for 50 steps: every activation and loss, shallow and deep beside each other', async () => {
    const size = 49 // neither images nor layers fill whole vec4s
    const train = noise(60, size)
    const models = activations.flatMap((activation) =>
      losses.flatMap((loss) => [
        model(size, [3], { activation, loss, learningRate: 2e-3 }),
        model(size, [10, 3, 5], { activation, loss })
      ])
    )
    const session = await start(models, train)
    const order = orderOf(train, 12, STEPS, 5)
    const { losses: answered } = await session.steps(order)
    const after = await session.save()
    expectReference(models, train, order, answered, after)

    const others = noise(70, size, 2)
    const indices = Int32Array.of(69, 0, 7)
    const answer = await session.forward(others, indices, ['bce', 'mse', 'reconstruction', 'code'])
    models.forEach((config, index) => {
      const own = referenceModel(config, after[index] as ModelState)
      const expected = asNumbers(others, indices).map((x) => referenceForward(own, x))
      expected.forEach(({ bce, mse }, i) => {
        expect(Math.abs((answer.bce[index]?.[i] as number) - bce) / bce).toBeLessThan(1e-6)
        expect(Math.abs((answer.mse[index]?.[i] as number) - mse) / mse).toBeLessThan(1e-6)
      })
      const joined = (name: 'reconstruction' | 'code') => expected.flatMap((one) => [...one[name]])
      expect(largestDifference(answer.reconstruction[index] ?? [], joined('reconstruction'))).toBeLessThan(1e-6)
      expect(largestDifference(answer.code[index] ?? [], joined('code'))).toBeLessThan(1e-5)
    })
  })

  it('takes the steps of Keras with every optimizer', () => expectAsKeras(open))

  it('has the gradients of deep chains, with relu and tanh, BCE and MSE', () => expectDeepGradients(open))

  it('trains a deep chain with relu, every optimizer beside the others, and goes on bit for bit', async () => {
    const rates = { adam: 1e-3, adamw: 1e-3, rmsprop: 3e-4, sgd: 0.3, adagrad: 0.01 } as const
    const train = noise(60, 49)
    const models = (Object.keys(optimizers) as Optimizer[]).map((optimizer) =>
      model(49, [32, 16, 4, 16, 32], { id: optimizer, optimizer, learningRate: rates[optimizer] })
    )
    const session = await start(models, train)
    const order = orderOf(train, 12, 20, 5)
    const { losses: answered } = await session.steps(order)
    const after = await session.save()
    expectReference(models, train, order, answered, after)

    const first = await start(models, train)
    await first.steps(order.slice(0, 7 * 12))
    const second = await start(models, train, await first.save())
    await second.steps(order.slice(7 * 12))
    expect(await second.save()).toEqual(after)
  })

  it('has the same bits again, in parts, saved and loaded between, and of a model alone', async () => {
    const train = noise(40, 784)
    const models = [2, 9, 33].map((d) => model(784, [d], { activation: 'tanh', batchSize: 16 }))
    const order = orderOf(train, 16, 8, 7)
    const whole = await start(models, train)
    const { losses: all } = await whole.steps(order)
    const after = await whole.save()

    const first = await start(models, train)
    const parts = [await first.steps(order.slice(0, 5 * 16))]
    const second = await start(models, train, await first.save())
    parts.push(await second.steps(order.slice(5 * 16, 6 * 16)), await second.steps(order.slice(6 * 16)))
    expect(parts.flatMap(({ losses }) => [...losses])).toEqual([...all])
    expect(await second.save()).toEqual(after)

    const alone = await start(models.slice(1, 2), train)
    const { losses: own } = await alone.steps(order)
    expect([...own]).toEqual([...all].filter((_, i) => i % models.length === 1))
    expect(await alone.save()).toEqual(after.slice(1, 2))
  })

  it('answers calls in order though they are made at once', async () => {
    const train = noise(40, 30)
    const models = [model(30, [4]), model(30, [6])]
    const session = await start(models, train)
    const order = orderOf(train, 12, 4)
    const indices = Int32Array.of(3, 4)
    const [a, before, between, b, after] = await Promise.all([
      session.steps(order.slice(0, 24)),
      session.forward(train, indices, ['bce']),
      session.save(),
      session.steps(order.slice(24)),
      session.forward(train, indices, ['bce'])
    ])
    const one = await start(models, train)
    const { losses: expected } = await one.steps(order)
    expect([...a.losses, ...b.losses]).toEqual([...expected])
    expect(between[0]?.step).toBe(2)
    expect(before.bce).not.toEqual(after.bce)
    expect((await one.forward(train, indices, ['bce'])).bce).toEqual(after.bce)
  })

  it('stops between batches and counts what it has done', async () => {
    const train = noise(40, 49)
    const models = [model(49, [4])]
    const session = await start(models, train)
    const order = orderOf(train, 12, 20_000)
    const stop = new AbortController()
    const training = session.steps(order, stop.signal)
    setTimeout(() => stop.abort(), 300)
    const { losses: some } = await training
    expect(some.length).toBeGreaterThan(0)
    expect(some.length).toBeLessThan(20_000)
    const [state] = await session.save()
    expect(state?.step).toBe(some.length)
    const again = await start(models, train)
    expect((await again.steps(order.slice(0, 12 * some.length))).losses).toEqual(some)
    expect((await again.save())[0]).toEqual(state)
    expect((await session.steps(order, AbortSignal.abort())).losses.length).toBe(0)

    // The kernels check nothing: what they would read beyond their buffers never gets to them.
    const indices = Int32Array.of(0, train.count)
    await expect(again.steps(indices)).rejects.toMatchObject({ kind: 'bad-value' })
    await expect(session.forward(noise(2, 50), Int32Array.of(0), ['bce'])).rejects.toMatchObject({ kind: 'bad-value' })
  })

  it('refuses with the figure what no buffer can hold', async () => {
    const wide = Array.from({ length: 60 }, (_, i) => model(784, [4096, 4096, 4096], { initKey: `${i}` }))
    const opening = engine.open({ models: wide, train: noise(1, 784), device, threads: 1 })
    await expect(opening).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/[MG]B needed/)
    })
  })

  if (!every) return

  it('stays with the reference for codes of 1, 3, 130 and 784 units, with a last small batch', async () => {
    const train = noise(60, 30)
    const models = [1, 3, 130, 784].map((d) => model(30, [d], { activation: 'tanh', batchSize: 8 }))
    const session = await start(models, train)
    const order = orderOf(train, 8, STEPS, 3)
    const { losses: answered } = await session.steps(order)
    expectReference(models, train, order, answered, await session.save())
  })

  it('trains twelve models at once', async () => {
    const train = noise(60, 784)
    const models = Array.from({ length: 12 }, (_, i) => model(784, [3 * i + 1], { batchSize: 40 }))
    const session = await start(models, train)
    const order = orderOf(train, 40, 3, 35)
    const { losses: answered } = await session.steps(order)
    expectReference(models, train, order, answered, await session.save())
  })

  it('works through a long batch in chunks, also beside deep models', async () => {
    const train = noise(600, 18)
    const models = [model(18, [5], { batchSize: 540 }), model(18, [9, 2, 9], { batchSize: 540, loss: 'mse' })]
    const session = await start(models, train)
    const order = orderOf(train, 540, 3, 520)
    const { losses: answered } = await session.steps(order)
    const after = await session.save()
    expectReference(models, train, order, answered, after)
    const alone = await start(models.slice(1), train)
    await alone.steps(order)
    expect(await alone.save()).toEqual(after.slice(1))
  })

  it('reports exact losses for logits far beyond where the sigmoid is 1', async () => {
    const train = noise(40, 784)
    const config = model(784, [1], { activation: 'linear' })
    const state = initialState(config)
    state.weights[3]?.fill(300)
    const session = await start([config], train, [state])
    const reference = referenceModel(config, state)
    const order = Int32Array.of(0, 1, 2, 3)
    const expected = referenceStep(reference, asNumbers(train, order))
    const { losses: answered } = await session.steps(order)
    expect(Math.abs((answered[0] as number) - expected) / expected).toBeLessThan(1e-6)
  })

  it('answers to all images of many sets as to each alone', async () => {
    const session = await start([model(49, [7])], noise(20, 49))
    const sets = [4, 5, 6, 7].map((seed) => noise(300, 49, seed))
    const all = Int32Array.from({ length: 300 }, (_, i) => i)
    for (const set of [...sets, ...sets]) {
      const { bce, code } = await session.forward(set, all, ['bce', 'code'])
      const one = await session.forward(set, Int32Array.of(299), ['bce', 'code'])
      expect(bce[0]?.[299]).toBe(one.bce[0]?.[0])
      expect(code[0]?.slice(299 * 7)).toEqual(one.code[0])
    }
  })
}

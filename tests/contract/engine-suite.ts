// What every engine must do on every device: one suite, held against training in double precision.
import { afterEach, describe, expect, it } from 'vitest'
import { activations, losses, optimizers, type LayerConfig, type ModelConfig, type Optimizer } from '@shared/model'
import { shuffle } from '@shared/random'
import type { Engine, EngineSession, Images, ModelState, SessionConfig } from '../../src/main/trainer/engines/engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { asNumbers, testDigits, trainingDigits } from '../fixtures/digits'
import { referenceForward, referenceModel, referenceStep, type ReferenceModel } from '../fixtures/float64/reference'
import { expectDeepGradients } from './deep-chains'
import { expectAsKeras } from './keras-cases'

const SEED = 7
const PIXELS = 784
const BATCH = 32
const train = trainingDigits(2000)
const test = testDigits(600)

export interface EngineUnderTest {
  title: string
  device: string
  engine: Engine
}

type Shape = Partial<ModelConfig> & { units: number[] }

/** A chain of dense layers from the pixels through `units`, the code in their middle, to the pixels. */
function model({ units, ...rest }: Shape, index = 0): ModelConfig {
  const activation = rest.layers?.[0]?.activation ?? 'relu'
  const chain: LayerConfig[] = units.map((one) => ({ units: one, activation }))
  const id = rest.id ?? `m${index}=${units.join('-')}`
  return {
    id,
    label: id,
    rank: index,
    value: index,
    optimizer: 'adam',
    learningRate: 0.001,
    loss: 'bce',
    batchSize: BATCH,
    epochs: 1,
    seed: SEED,
    initKey: units.join('-'),
    ...rest,
    layers: [...chain, { units: PIXELS, activation: 'sigmoid' }]
  }
}
const withActivation = (activation: LayerConfig['activation']) => ({ layers: [{ units: 0, activation }] })
const six = [2, 8, 16, 32, 64, 128].map((d, index) => model({ units: [d] }, index))

export function describeEngine({ title, device, engine }: EngineUnderTest): void {
  describe(title, () => {
    const order = shuffle(SEED, 1, train.count).slice(0, 50 * BATCH)
    const opened: EngineSession[] = []
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((session) => session.close()))
    })

    async function open(models: ModelConfig[], changes: Partial<SessionConfig> = {}): Promise<EngineSession> {
      const session = await engine.open({ models, train, device, threads: 2, ...changes })
      opened.push(session)
      return session
    }
    async function start(models: ModelConfig[], changes: Partial<SessionConfig> = {}): Promise<EngineSession> {
      const session = await open(models, changes)
      await session.load(models.map(initialState))
      return session
    }

    /** Trains both ways and compares the loss of every batch, and all weights at the end. */
    async function compare(models: ModelConfig[], indices: Int32Array, images: Images = train): Promise<void> {
      const session = await start(models, { train: images })
      const { losses: found } = await session.steps(indices)
      const after = await session.save()
      const size = models[0]?.batchSize ?? BATCH
      models.forEach((config, index) => {
        const reference = referenceModel(config, initialState(config))
        for (let batch = 0; batch * size < indices.length; batch++) {
          const own = asNumbers(images, indices.slice(batch * size, (batch + 1) * size))
          expectNear(
            found[batch * models.length + index],
            referenceStep(reference, own),
            1e-6,
            `batch ${batch} of ${config.id}`
          )
        }
        expectSameWeights(after[index], reference, config.id)
      })
    }

    it.each(losses.flatMap((loss) => activations.map((activation) => [activation, loss] as const)))(
      'trains as in double precision with %s and %s, shallow and deep',
      async (activation, loss) => {
        const shared = { loss, ...withActivation(activation) }
        await compare([model({ units: [5], ...shared }, 0), model({ units: [24, 6, 24], ...shared }, 1)], order)
      },
      600_000
    )

    it('takes the steps of Keras with every optimizer', () =>
      expectAsKeras((models, images) => open(models, { train: images })))

    it('has the gradients of deep chains, with relu and tanh, BCE and MSE', () =>
      expectDeepGradients((models, images) => open(models, { train: images })))

    it('trains a deep chain with relu, every optimizer beside the others', async () => {
      const rates = { adam: 0.001, adamw: 0.001, rmsprop: 0.0003, sgd: 0.3, adagrad: 0.01 } as const
      const models = (Object.keys(rates) as Optimizer[]).map((optimizer, index) =>
        model({ units: [128, 64, 16, 64, 128], optimizer, learningRate: rates[optimizer] }, index)
      )
      await compare(models, order.slice(0, 4 * BATCH))
    }, 600_000)

    it('trains models of different losses, activations, depths and rates on the same batches', async () => {
      const models = [
        model({ units: [4], loss: 'mse', learningRate: 0.01 }, 0),
        model({ units: [4], ...withActivation('tanh') }, 1),
        model({ units: [12, 20, 3, 20, 12], ...withActivation('sigmoid') }, 2)
      ]
      await compare(models, order.slice(0, 6 * BATCH))
    }, 600_000)

    it.each([1, 3, 130, 784])(
      'trains a code of %i units',
      async (d) => {
        await compare([model({ units: [d] })], order.slice(0, 4 * BATCH))
      },
      600_000
    )

    it('trains a smaller last batch with the mean of its own images', async () => {
      await compare([model({ units: [6] }), model({ units: [9, 2, 9] }, 1)], order.slice(0, 2 * BATCH + 11))
    }, 600_000)

    it('trains batches larger than what it works on at once', async () => {
      const batchSize = 700
      await compare(
        [model({ units: [7], batchSize }), model({ units: [10, 4, 10], batchSize }, 1)],
        shuffle(SEED, 2, 2 * batchSize - 50)
      )
    }, 600_000)

    it('trains images without a black pixel', async () => {
      const pixels = Uint8Array.from(train.pixels, (x) => 255 - x / 2)
      await compare([model({ units: [5] })], order.slice(0, 5 * BATCH), { ...train, pixels })
    }, 600_000)

    it('trains twelve models, each bit for bit as it trains it alone', async () => {
      const twelve = Array.from({ length: 12 }, (_, index) =>
        model({ units: index % 4 === 3 ? [20, index, 20] : [2 * index + 1] }, index)
      )
      const part = order.slice(0, 5 * BATCH)
      const together = await start(twelve)
      const { losses: all } = await together.steps(part)
      const states = await together.save()
      for (const index of [0, 3, 11]) {
        const own = twelve[index] as ModelConfig
        const alone = await start([own], { threads: 1 })
        const { losses: found } = await alone.steps(part)
        expect([...found]).toEqual([...found].map((_, batch) => all[batch * twelve.length + index]))
        expect(bits(await alone.save())).toEqual(bits([states[index] as ModelState]))
      }
    }, 600_000)

    it('gives the same bits on one, two and three threads, and in calls of any length', async () => {
      const part = order.slice(0, 6 * BATCH)
      const whole = await start(six, { threads: 1 })
      const { losses: expected } = await whole.steps(part)
      const weights = bits(await whole.save())
      for (const threads of [2, 3]) {
        const session = await start(six, { threads })
        const calls = [part.slice(0, BATCH * threads), part.slice(BATCH * threads)].map((call) => session.steps(call))
        const found = (await Promise.all(calls)).flatMap(({ losses: one }) => [...one])
        expect(found).toEqual([...expected])
        expect(bits(await session.save())).toEqual(weights)
      }
    }, 600_000)

    it('goes on bit for bit from a saved state, which later steps leave alone', async () => {
      const models = [
        model({ units: [8] }),
        ...(Object.keys(optimizers) as Optimizer[]).map((optimizer, n) =>
          model({ units: [12, 3, 12], optimizer }, n + 1)
        )
      ]
      const [first, second] = [order.slice(0, 3 * BATCH), order.slice(3 * BATCH, 5 * BATCH + 7)]
      const whole = await start(models)
      await whole.steps(first)
      const saved = await whole.save()
      const before = bits(saved)
      await whole.steps(second)
      expect(bits(saved)).toEqual(before)
      expect(saved.map(({ id, step }) => [id, step])).toEqual(models.map(({ id }) => [id, 3]))
      const resumed = await open(models)
      await resumed.load(saved)
      await resumed.steps(second)
      expect(bits(await resumed.save())).toEqual(bits(await whole.save()))
    }, 600_000)

    it('answers about images as the reference does', async () => {
      const models = [
        model({ units: [6], ...withActivation('sigmoid') }),
        model({ units: [30, 4, 30], loss: 'mse' }, 1)
      ]
      const session = await start(models)
      await session.steps(order.slice(0, 3 * BATCH))
      const states = await session.save()
      const indices = Int32Array.of(5, 0, 5, 599)
      const answer = await session.forward(test, indices, ['bce', 'mse', 'reconstruction', 'code'])
      models.forEach((config, index) => {
        const reference = referenceModel(config, states[index] as ModelState)
        const units = config.layers[config.layers.length / 2 - 1]?.units ?? 0
        asNumbers(test, indices).forEach((image, n) => {
          const { bce, mse, reconstruction, code } = referenceForward(reference, image)
          expectNear(answer.bce[index]?.[n], bce, 1e-6, 'bce')
          expectNear(answer.mse[index]?.[n], mse, 1e-6, 'mse')
          const pixels = answer.reconstruction[index]?.subarray(n * PIXELS, (n + 1) * PIXELS) ?? []
          expect(largestDifference(pixels, reconstruction)).toBeLessThan(1e-5)
          expect(largestDifference(answer.code[index]?.subarray(n * units, (n + 1) * units) ?? [], code)).toBeLessThan(
            1e-5
          )
        })
      })
      const all = await session.forward(
        test,
        Int32Array.from({ length: test.count }, (_, i) => i),
        ['bce']
      )
      expect(all.bce[0]?.[599]).toBe(answer.bce[0]?.[3])
    }, 600_000)

    it('reports exact losses for logits far beyond where σ is 1', async () => {
      const config = model({ units: [1], ...withActivation('linear') })
      const state = initialState(config)
      state.weights[3]?.fill(300)
      const session = await open([config])
      await session.load([state])
      const indices = Int32Array.of(0, 1, 2, 3)
      const expected = referenceStep(referenceModel(config, state), asNumbers(train, indices))
      const { losses: found } = await session.steps(indices)
      expectNear(found[0], expected, 1e-6 * expected, 'loss')
    })

    it('stops between two batches when it is interrupted, and goes on after it as if nothing had been', async () => {
      const models = six.slice(0, 3)
      const long = Int32Array.from({ length: 2000 * BATCH }, (_, i) => order[i % order.length] as number)
      const interruption = new AbortController()
      const session = await start(models)
      const first = session.steps(long, interruption.signal)
      const second = session.steps(long, interruption.signal)
      setTimeout(() => interruption.abort(), 30)
      const { losses: done } = await first
      expect((await second).losses).toHaveLength(0)
      const steps = done.length / models.length
      expect(steps).toBeLessThan(long.length / BATCH)
      expect((await session.save()).map(({ step }) => step)).toEqual(models.map(() => steps))
      const rest = long.slice(steps * BATCH, (steps + 3) * BATCH)
      await session.steps(rest)
      const whole = await start(models)
      await whole.steps(long.slice(0, (steps + 3) * BATCH))
      expect(bits(await session.save())).toEqual(bits(await whole.save()))
    }, 600_000)

    it('trains nothing where it was interrupted before', async () => {
      const session = await start([model({ units: [2] })])
      const interruption = new AbortController()
      interruption.abort()
      expect((await session.steps(order.slice(0, BATCH), interruption.signal)).losses).toHaveLength(0)
      expect((await session.save())[0]?.step).toBe(0)
    })

    it('gives its memory back: sessions opened and closed leave the resident size flat', async () => {
      const sizes: number[] = []
      for (let repeat = 0; repeat < 16; repeat++) {
        const session = await start([model({ units: [16] }), model({ units: [64] }, 1)])
        await session.steps(order.slice(0, 4 * BATCH))
        await session.forward(test, Int32Array.of(1, 2, 3), ['reconstruction'])
        await opened.pop()?.close()
        sizes.push(process.memoryUsage().rss)
      }
      const early = Math.max(...sizes.slice(2, 6))
      expect((Math.min(...sizes.slice(-3)) - early) / 2 ** 20).toBeLessThan(30)
    }, 600_000)

    it('refuses a device that it does not have', async () => {
      await expect(open([model({ units: [2] })], { device: `${device.split(/[-:]/)[0]}-gpu9` })).rejects.toMatchObject({
        kind: 'device-unavailable'
      })
    })

    it('refuses states that do not fit, indices outside the images, and images of another size', async () => {
      const two = [model({ units: [2] }), model({ units: [3] }, 1)]
      const session = await start(two)
      const [a, b] = two.map(initialState) as [ModelState, ModelState]
      for (const states of [[a], [b, a], [{ ...a, slots: [] }, b]]) {
        await expect(session.load(states)).rejects.toMatchObject({ kind: 'bad-value' })
      }
      for (const index of [-1, train.count]) {
        await expect(session.steps(Int32Array.of(0, index))).rejects.toMatchObject({ kind: 'bad-value' })
      }
      const others = { pixels: new Uint8Array(10), count: 2, size: 5 }
      await expect(session.forward(others, Int32Array.of(0), ['bce'])).rejects.toMatchObject({ kind: 'bad-value' })
      expect((await session.steps(order.slice(0, BATCH))).losses).toHaveLength(2)
    })

    it('refuses to train before states are loaded, and after it was closed', async () => {
      const early = await open([model({ units: [2] })])
      await expect(early.steps(Int32Array.of(0))).rejects.toMatchObject({ name: 'LabError' })
      const closed = await start([model({ units: [2] })])
      await opened.pop()?.close()
      await expect(closed.steps(Int32Array.of(0))).rejects.toMatchObject({ name: 'LabError' })
    })
  })
}

function expectSameWeights(state: ModelState | undefined, reference: ReferenceModel, id: string): void {
  reference.weights.forEach((tensor, index) => {
    expect(largestDifference(state?.weights[index] ?? [], tensor), `tensor ${index} of ${id}`).toBeLessThan(1e-5)
  })
}

function expectNear(actual: number | undefined, expected: number, tolerance: number, what: string): void {
  expect(Math.abs((actual ?? NaN) - expected), `${what}: ${actual} against ${expected}`).toBeLessThan(tolerance)
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : NaN
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs((actual[i] as number) - (expected[i] as number)))
  }
  return largest
}

/** All that training changes, as text that two states share only if every bit is the same. */
function bits(states: readonly ModelState[]): string[] {
  return states.map(({ step, weights, slots }) => {
    const tensors = [...weights, ...slots.flat()]
    return [step, ...tensors.map((tensor) => Buffer.from(tensor.slice().buffer).toString('base64'))].join()
  })
}

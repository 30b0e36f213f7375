// What every engine must do on every device it calls usable: one suite, engine × device. The others are skipped with their reason.
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { activations, type Activation } from '@shared/experiment'
import { createSsim, meanPsnr } from '@shared/metrics'
import { shuffle } from '@shared/random'
import {
  tensorNames,
  type ModelSpec,
  type ModelState,
  type Training,
  type TrainingJob
} from '../../src/main/trainer/engine'
import { createEngines } from '../../src/main/trainer/engines'
import { initialState } from '../../src/main/trainer/initialize'
import { asNumbers, testDigits, trainingDigits } from '../unit/trainer/engines/digits'
import { evaluate, fromState, step } from '../unit/trainer/engines/float64-autoencoder'

const SEED = 7
const LEARNING_RATE = 0.001
const train = trainingDigits(2000)
const test = testDigits(1100)

const models = (dims: number[], activation: Activation = 'relu'): ModelSpec[] =>
  dims.map((latentDim) => ({ name: `d=${latentDim}`, latentDim, activation }))
const states = (specs: ModelSpec[]) => specs.map((spec) => initialState(spec, SEED))

/** The article's six and the batches of fifty steps, which more than one test takes. */
const six = models([2, 8, 16, 32, 64, 128])
const fiftyBatches = shuffle(SEED, 1, train.count).slice(0, 50 * 32)

const engines = createEngines({
  onnxruntimeWorker: resolve('out/main/onnxruntime-worker.js'),
  tensorflowWorker: resolve('out/main/tensorflow-worker.js')
})
const found = await Promise.all(
  engines.map(async (engine) =>
    (await engine.devices()).map((device) => ({
      ...device,
      engine,
      title: `${engine.name} on ${device.name}`,
      plays: device.software ?? false
    }))
  )
)
const places = found.flat().filter((device) => device.usable)
const unusable = found.flat().filter((device) => !device.usable)

it('there is an engine with a usable cpu', () => {
  expect(places.map(({ name }) => name)).toContain('cpu')
})

describe.each(unusable)('$title', ({ title, detail, remedy }) => {
  it('can’t be used here', ({ skip }) => skip(`${title}: ${detail}. ${remedy}`))
})

describe.each(places)('$title', ({ engine, name: device, plays }) => {
  /** Images of the longer tests: seven batches, which are one run on a GPU, and a smaller one where a program plays the GPU, slowly. */
  const images = plays ? 240 : train.count

  const opened: Training[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((training) => training.close()))
  })

  async function open(specs: ModelSpec[], changes: Partial<TrainingJob> = {}): Promise<Training> {
    const job = { models: specs, batchSize: 32, learningRate: LEARNING_RATE, train, test, device, threads: 2 }
    const training = await engine.open({ ...job, ...changes })
    opened.push(training)
    return training
  }
  async function start(specs: ModelSpec[], changes: Partial<TrainingJob> = {}): Promise<Training> {
    const training = await open(specs, changes)
    await training.load(states(specs))
    return training
  }

  it.each(activations)('stays with the double-precision reference for 50 steps with %s', async (activation) => {
    const specs = models([2, 5], activation)
    const training = await start(specs)
    const order = shuffle(SEED, 1, train.count).slice(0, 50 * 32)
    const losses = await training.steps(order)
    const after = await training.save()

    specs.forEach((spec, index) => {
      const reference = fromState(initialState(spec, SEED), activation)
      for (let batch = 0; batch < 50; batch++) {
        const images = asNumbers(train, order.slice(batch * 32, (batch + 1) * 32))
        expectNear(losses[batch * specs.length + index], step(reference, images, LEARNING_RATE), 2e-6)
      }
      for (const tensor of tensorNames) {
        const weights = after[index]?.weights[tensor] ?? new Float32Array()
        expect(largestDifference(weights, reference.weights[tensor]), `${tensor} of ${spec.name}`).toBeLessThan(2e-5)
      }
    })
  })

  it('trains the smaller last batch with the mean of its own images', async () => {
    const spec = models([4])
    const training = await start(spec)
    const order = shuffle(SEED, 1, train.count).slice(0, 32 + 12)
    const losses = await training.steps(order)
    const [after] = await training.save()

    const reference = fromState(initialState(spec[0] as ModelSpec, SEED), 'relu')
    const expected = [order.slice(0, 32), order.slice(32)].map((batch) =>
      step(reference, asNumbers(train, batch), LEARNING_RATE)
    )
    expected.forEach((loss, batch) => expectNear(losses[batch], loss, 2e-6))
    expect(after?.step).toBe(2)
    for (const tensor of tensorNames) {
      const moment = after?.firstMoment[tensor] ?? new Float32Array()
      const size = Math.hypot(...reference.firstMoment[tensor])
      expect(largestDifference(moment, reference.firstMoment[tensor]), tensor).toBeLessThan(1e-4 * size)
    }
  })

  it('measures all test images as the reference does', async () => {
    const spec = models([6], 'sigmoid')
    const training = await start(spec)
    const { bce, mse } = await training.evaluate()
    const expected = evaluate(
      fromState(initialState(spec[0] as ModelSpec, SEED), 'sigmoid'),
      asNumbers(test, [...Array(test.count).keys()])
    )
    expectNear(bce[0], expected.bce, 1e-6)
    expectNear(mse[0], expected.mse, 1e-6)
  })

  it('reports exact losses for logits far beyond where σ is 1', async () => {
    const spec = models([1], 'linear')
    const training = await open(spec)
    const [state] = states(spec) as [ModelState]
    state.weights['decoder.bias'].fill(300)
    await training.load([state])
    const [loss] = await training.steps(Int32Array.of(0, 1, 2, 3))
    const expected = evaluate(fromState(state, 'linear'), asNumbers(train, [0, 1, 2, 3])).bce
    expectNear(loss, expected, 1e-6 * expected)
  })

  it('trains six together as it trains each apart', async () => {
    const { losses, after: all } = await fiftySteps({ engine, name: device })

    for (const [index, spec] of six.entries()) {
      const apart = await start([spec], { threads: 1 })
      const own = await apart.steps(fiftyBatches)
      const ofModel = own.map((_, batch) => losses[batch * six.length + index] as number)
      expect(largestDifference(own, ofModel)).toBeLessThan(1e-5)
      const [alone] = await apart.save()
      expect(alone?.name).toBe(all[index]?.name)
      for (const tensor of tensorNames) {
        const difference = largestDifference(
          all[index]?.weights[tensor] ?? new Float32Array(),
          alone?.weights[tensor] ?? new Float32Array([NaN])
        )
        expect(difference, `${tensor} of ${spec.name}`).toBeLessThan(1e-5)
      }
    }
  }, 300_000)

  it('trains models that take turns, since no graph may take memory, as it trains them together', async () => {
    const specs = models([6, 2, 4])
    const order = shuffle(SEED, 1, train.count).slice(0, 9 * 32 + 5)
    const [together, inTurns] = [await start(specs), await start(specs, { memoryBudget: 1 })]
    const [losses, own] = [await together.steps(order), await inTurns.steps(order)]
    expect(own).toHaveLength(10 * specs.length)
    expect([together.turns, inTurns.turns]).toEqual([1, engine.name === 'tensorflow' ? 1 : 3])
    expect(largestDifference(own, losses)).toBeLessThan(1e-5)
    const [all, apart] = [await together.save(), await inTurns.save()]
    expect(apart.map(({ name, step }) => ({ name, step }))).toEqual(all.map(({ name, step }) => ({ name, step })))
    for (const [index, { weights }] of all.entries()) {
      for (const tensor of tensorNames) {
        const difference = largestDifference(apart[index]?.weights[tensor] ?? new Float32Array(), weights[tensor])
        expect(difference, `${tensor} of ${apart[index]?.name}`).toBeLessThan(1e-5)
      }
    }
  })

  it('goes on bit for bit after a save and a load, whatever the steps of a call', async () => {
    const specs = models([2, 8, 20], 'tanh')
    const batchSize = 10
    const order = shuffle(SEED, 2, images)
    const half = order.length / 2

    const whole = await start(specs, { batchSize })
    const wholeLosses = await whole.steps(order)
    const inOneGo = await whole.save()

    const first = await start(specs, { batchSize })
    const losses = [await first.steps(order.slice(0, half))]
    const saved = throughBytes(await first.save())
    const second = await open(specs, { batchSize })
    await second.load(saved)
    for (let from = half; from < order.length; from += 7 * batchSize) {
      losses.push(await second.steps(order.slice(from, from + 7 * batchSize)))
    }
    expect(bytes(await second.save())).toEqual(bytes(inOneGo))
    expect(losses.flatMap((part) => [...part])).toEqual([...wholeLosses])
    // What was saved is a copy: later steps of the same training leave it alone.
    const before = bytes(saved)
    await first.steps(order.slice(0, 32))
    expect(bytes(saved)).toEqual(before)
  })

  it('obeys calls in their order, also those made before the last is answered', async () => {
    const specs = models([2, 8, 20], 'tanh')
    const order = shuffle(SEED, 2, images)
    const parts = [order.slice(0, 40), order.slice(40, 90), order.slice(90)]
    const [patient, hasty] = [await start(specs, { batchSize: 10 }), await start(specs, { batchSize: 10 })]
    const losses = []
    for (const part of parts) losses.push(await patient.steps(part))
    const [saved, ...hastyLosses] = await Promise.all([hasty.save(), ...parts.map((part) => hasty.steps(part))])
    expect(hastyLosses).toEqual(losses)
    expect(bytes(await hasty.save())).toEqual(bytes(await patient.save()))
    expect(saved[0]?.step).toBe(0)
  })

  it('reconstructs and measures quality from the same reconstructions', async () => {
    const specs = models([8, 3])
    const training = await start(specs)
    await training.steps(shuffle(SEED, 1, images))
    const everyImage = [...Array(test.count).keys()]
    const pixels = await training.reconstruct(everyImage)
    expect(pixels.length).toBe(specs.length * test.count * 784)
    const { psnr, ssim } = await training.measureQuality()
    const ssimOf = createSsim(test.pixels, test.count, 28, 28)
    specs.forEach((_, index) => {
      const own = Float32Array.from(
        pixels.subarray(index * test.count * 784, (index + 1) * test.count * 784),
        (pixel) => pixel / 255
      )
      // Rounded to 1/255, so near but not equal.
      expectNear(psnr[index], meanPsnr(test.pixels, own, 784), 0.01)
      expectNear(ssim[index], ssimOf.mean(own), 0.01)
    })
    const picked = await training.reconstruct([5, 0])
    expect([...picked.subarray(0, 784)]).toEqual([...pixels.subarray(5 * 784, 6 * 784)])
    expect([...picked.subarray(784, 2 * 784)]).toEqual([...pixels.subarray(0, 784)])
  })

  it('repeats a training bit for bit', async () => {
    const results = []
    for (let repeat = 0; repeat < 2; repeat++) {
      const training = await start(six)
      const losses = await training.steps(shuffle(SEED, 1, images))
      results.push([...losses, ...bytes(await training.save())])
    }
    expect(results[1]).toEqual(results[0])
  })

  it('adapts the steps of a call to how long they take', async () => {
    const training = await start(models([4]))
    const first = training.stepsPerCall
    const order = shuffle(SEED, 1, train.count)
    const times: number[] = []
    for (let call = 0; call < 5; call++) {
      const steps = training.stepsPerCall
      const began = performance.now()
      await training.steps(order.slice(0, steps * 32))
      times.push((performance.now() - began) / Math.min(steps, order.length / 32))
    }
    // Between these a device may do either.
    if (Math.min(...times) > 80) expect(training.stepsPerCall).toBeLessThanOrEqual(first)
    if (Math.max(...times) < 10) expect(training.stepsPerCall).toBeGreaterThan(first)
  })

  it('gives its memory back: trainings opened and closed leave the resident size flat', async () => {
    const specs = models([16, 64])
    const sizes: number[] = []
    for (let repeat = 0; repeat < (plays ? 8 : 12); repeat++) {
      const training = await engine.open({
        models: specs,
        batchSize: 128,
        learningRate: LEARNING_RATE,
        train,
        test,
        device,
        threads: 2
      })
      await training.load(states(specs))
      await training.steps(shuffle(SEED, 1, images))
      await training.evaluate()
      await training.close()
      sizes.push(process.memoryUsage().rss)
    }
    const early = Math.max(...sizes.slice(2, 5))
    const late = Math.min(...sizes.slice(-3))
    expect((late - early) / 2 ** 20).toBeLessThan(30)
  }, 120_000)

  it('refuses a device that it does not have, and says which there are', async () => {
    await expect(open(models([2]), { device: 'gpu9' })).rejects.toMatchObject({
      kind: 'device-unavailable',
      data: { found: 'gpu9', expected: expect.stringContaining('cpu') as string }
    })
  })

  it('refuses to train before states are loaded', async () => {
    const training = await open(models([2]))
    await expect(training.steps(Int32Array.of(0))).rejects.toMatchObject({ kind: 'internal' })
  })
})

describe('engines among each other', () => {
  const [first, ...others] = places
  if (others.length === 0) it('are compared', ({ skip }) => skip('needs a second engine or device that can be used'))

  it.each(others)(
    'after 50 steps $title is where the first is',
    async ({ engine, name: device }) => {
      const [expected, actual] = await Promise.all([
        fiftySteps(first as (typeof places)[0]),
        fiftySteps({ engine, name: device })
      ])
      expect(largestDifference(actual.losses, expected.losses)).toBeLessThan(1e-5)
      six.forEach((spec, index) => {
        for (const tensor of tensorNames) {
          const [own, wanted] = [actual, expected].map(({ after }) => after[index]?.weights[tensor] ?? [NaN])
          expect(largestDifference(own ?? [], wanted ?? []), `${tensor} of ${spec.name}`).toBeLessThan(1e-4)
        }
      })
    },
    300_000
  )
})

const afterFiftySteps = new Map<string, ReturnType<typeof trainFiftySteps>>()

/** Losses and state of the six after fifty steps on a device: trained once for all tests, as a program that plays a GPU takes a minute. */
function fiftySteps(place: Pick<(typeof places)[0], 'engine' | 'name'>): ReturnType<typeof trainFiftySteps> {
  const key = `${place.engine.name}/${place.name}`
  const known = afterFiftySteps.get(key) ?? trainFiftySteps(place)
  afterFiftySteps.set(key, known)
  return known
}

async function trainFiftySteps({ engine, name }: Pick<(typeof places)[0], 'engine' | 'name'>) {
  const job = { models: six, batchSize: 32, learningRate: LEARNING_RATE, train, test, device: name, threads: 2 }
  const training = await engine.open(job)
  try {
    await training.load(states(six))
    return { losses: await training.steps(fiftyBatches), after: await training.save() }
  } finally {
    await training.close()
  }
}

function expectNear(actual: number | undefined, expected: number, tolerance: number): void {
  expect(Math.abs((actual ?? NaN) - expected), `${actual} against ${expected}`).toBeLessThan(tolerance)
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : NaN
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs((actual[i] as number) - (expected[i] as number)))
  }
  return largest
}

const kinds = ['weights', 'firstMoment', 'secondMoment'] as const

/** All numbers of the states as bytes, and the steps. */
function bytes(all: ModelState[]): number[] {
  return all.flatMap((state) => [
    state.step,
    ...kinds.flatMap((kind) => tensorNames.flatMap((name) => [...new Uint32Array(state[kind][name].slice().buffer)]))
  ])
}

/** The states as a file would give them back. */
function throughBytes(all: ModelState[]): ModelState[] {
  const copy = (tensors: ModelState['weights']) =>
    Object.fromEntries(
      tensorNames.map((name) => [name, new Float32Array(Buffer.from(tensors[name].slice().buffer).buffer.slice(0))])
    ) as ModelState['weights']
  return all.map(({ name, step, ...tensors }) => ({
    name,
    step,
    weights: copy(tensors.weights),
    firstMoment: copy(tensors.firstMoment),
    secondMoment: copy(tensors.secondMoment)
  }))
}

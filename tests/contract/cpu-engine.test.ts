// The CPU engine against training written out in double precision, for every instruction set of this machine.
import { describe, expect, test } from 'vitest'
import { activations, losses, optimizers, parameterCount, type ModelConfig, type Optimizer } from '@shared/model'
import { createCpuEngine } from '../../src/main/trainer/engines/cpu/cpu-engine'
import { description } from '../../src/main/trainer/engines/cpu/cpu-session'
import { loadKernels } from '../../src/main/trainer/engines/cpu/load-kernels'
import { forwardValues, type EngineSession, type Images } from '../../src/main/trainer/engines/engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { referenceForward, referenceModel, referenceStep, type ReferenceModel } from '../fixtures/float64/reference'
import { configOf, digestOf, imageAt, imagesOf, lossesOf, modelOf, orderOf, type Shape } from './cpu-models'
import { expectDeepGradients } from './deep-chains'
import { expectAsKeras } from './keras-cases'

const STEPS = 50
const native = await loadKernels()
const webAssembly = await loadKernels('no-platform')
const sets = [native, webAssembly].flatMap(({ kernels }) => kernels.instructionSets())

async function openOn(set: string, models: readonly ModelConfig[], train: Images, threads = 2): Promise<EngineSession> {
  const load = () => Promise.resolve(set === 'webassembly' ? webAssembly : native)
  const session = await createCpuEngine({ instructionSet: set, load }).open(configOf(models, train, threads))
  await session.load(models.map(initialState))
  return session
}

/** Shapes that are trained as one session: all have its size and batch size. */
interface Case {
  name: string
  lit: number
  shapes: Shape[]
  steps?: number
}
const shallow = (size: number, units: number[], more: Partial<Shape> = {}) =>
  units.map((unit) => ({ size, hidden: [unit], ...more }))
const cases: Case[] = [
  ...activations.map((activation) => ({
    name: `shallow, ${activation}`,
    lit: 0.2,
    shapes: losses.flatMap((loss) => shallow(100, [1, 3, 20, 33], { activation, loss }))
  })),
  ...activations.map((activation) => ({
    name: `deep, ${activation}`,
    lit: 0.2,
    shapes: losses.map((loss) => ({ size: 50, hidden: [40, 3, 40], activation, loss }))
  })),
  { name: 'deeper, of many widths', lit: 0.2, shapes: [{ size: 70, hidden: [130, 35, 17, 35, 20], batchSize: 5 }] },
  { name: 'digits, d = 1, 3, 130', lit: 0.2, shapes: shallow(784, [1, 3, 130]) },
  { name: 'd = 784', lit: 0.2, shapes: shallow(784, [784], { batchSize: 3 }) },
  { name: 'a dense data set', lit: 0.9, shapes: [...shallow(100, [1, 20, 40]), { size: 100, hidden: [30, 5, 30] }] },
  { name: 'one pixel', lit: 0.5, shapes: shallow(1, [1, 2]) },
  { name: 'colour images', lit: 0.9, shapes: shallow(3072, [2], { batchSize: 2 }) },
  { name: 'a batch of several chunks', lit: 0.2, shapes: shallow(40, [3, 9], { batchSize: 1100 }), steps: 5 },
  {
    name: 'several chunks of a dense data set',
    lit: 0.9,
    shapes: [{ size: 40, hidden: [9, 2, 9], batchSize: 1100 }],
    steps: 5
  },
  { name: '12 models', lit: 0.2, shapes: shallow(64, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) }
]

/** What double precision makes of each case's models: the same for every instruction set, and so trained once. */
const references = new Map<string, { reference: ReferenceModel; losses: number[] }>()

function trainedReference(key: string, model: ModelConfig, train: Images, order: Int32Array) {
  const known = references.get(key)
  if (known) return known
  const reference = referenceModel(model, initialState(model))
  const losses: number[] = []
  for (let first = 0; first < order.length; first += model.batchSize) {
    const batch = Array.from(order.subarray(first, first + model.batchSize), (index) => imageAt(train, index))
    losses.push(referenceStep(reference, batch))
  }
  const trained = { reference, losses }
  references.set(key, trained)
  return trained
}

describe.each(sets)('%s', (set) => {
  test.each(cases)('$name: as double precision has it', async ({ name, lit, shapes, steps = STEPS }) => {
    const models = shapes.map((shape, index) => ({ ...modelOf(shape), id: `${index}` }))
    const batchSize = models[0]?.batchSize as number
    const train = imagesOf(300, models[0]?.layers.at(-1)?.units as number, lit)
    const order = orderOf(batchSize * steps - 1, train.count) // the last batch is smaller
    const session = await openOn(set, models, train)
    const answer = await session.steps(order)
    const saved = await session.save()
    const asked = Int32Array.of(5, 299, 0, 5)
    const forward = await session.forward(train, asked, forwardValues)
    await session.close()

    models.forEach((model, m) => {
      const { reference, losses } = trainedReference(`${name} ${m}`, model, train, order)
      losses.forEach((loss, step) =>
        expect(Math.abs((answer.losses[step * models.length + m] as number) - loss)).toBeLessThan(1e-6)
      )
      expect(saved[m]?.step).toBe(steps)
      saved[m]?.weights.forEach((tensor, n) =>
        expect(greatestDifference(tensor, reference.weights[n] as Float64Array)).toBeLessThan(1e-5)
      )
      asked.forEach((index, n) => {
        const own = referenceForward(reference, imageAt(train, index))
        const of = (value: 'reconstruction' | 'code') => {
          const all = forward[value][m] as Float32Array
          return all.subarray((n * all.length) / asked.length, ((n + 1) * all.length) / asked.length)
        }
        for (const value of ['bce', 'mse'] as const) {
          expect(Math.abs((forward[value][m]?.[n] as number) - own[value])).toBeLessThan(2e-6)
        }
        for (const value of ['reconstruction', 'code'] as const) {
          expect(greatestDifference(of(value), own[value])).toBeLessThan(5e-5)
        }
      })
    })
  })

  test('takes the steps of Keras with every optimizer', () =>
    expectAsKeras((models, train) => openOn(set, models, train)))

  test('has the gradients of deep chains, with relu and tanh, BCE and MSE', () =>
    expectDeepGradients((models, train) => openOn(set, models, train)))

  test('the same bits with any threads, beside any models, in calls cut anywhere', async () => {
    const models = [2, 8, 130].flatMap((units) =>
      losses.map((loss) => modelOf({ size: 300, hidden: [units], loss, batchSize: 30 }))
    )
    models.push(
      ...(Object.keys(optimizers) as Optimizer[]).map((optimizer) => ({
        ...modelOf({ size: 300, hidden: [40, 20, 7, 20, 40], batchSize: 30 }),
        id: optimizer,
        optimizer
      }))
    )
    const train = imagesOf(200, 300, 0.2)
    const order = orderOf(30 * 20 - 4, train.count)
    const once = await trained(set, models, train, 1, [order])
    for (const threads of [2, 3, 5]) expect(await trained(set, models, train, threads, [order])).toEqual(once)
    expect(
      await trained(set, models, train, 2, [order.subarray(0, 90), order.subarray(90, 120), order.subarray(120)])
    ).toEqual(once)
    for (const m of models.keys()) {
      expect((await trained(set, [models[m] as ModelConfig], train, 3, [order]))[0]).toEqual(once[m])
    }
  })

  test('an update that waits for the end of its batch has the same bits', async () => {
    // Alone the small model's updates follow at once; beside models whose step takes long they wait.
    const small = modelOf({ size: 784, hidden: [5], batchSize: 64 })
    const large = [500, 501, 502, 503, 504].map((units) => modelOf({ size: 784, hidden: [units], batchSize: 64 }))
    const train = imagesOf(400, 784, 0.2)
    const order = orderOf(160, train.count)
    const [alone] = await trained(set, [small], train, 2, [order])
    // Where updates wait, a parameter takes four floats, its gradient among them; else three.
    const parameters = [small, ...large].reduce((sum, { layers }) => sum + parameterCount(layers), 0)
    const { kernels } = set === 'webassembly' ? webAssembly : native
    expect(kernels.bytes(description(configOf([small, ...large], train)))).toBeGreaterThan(4 * 4 * parameters)
    expect((await trained(set, [small, ...large], train, 2, [order]))[0]).toEqual(alone)
  })
})

/** Of each model a digest of its state and losses after these calls. */
async function trained(
  set: string,
  models: readonly ModelConfig[],
  train: Images,
  threads: number,
  calls: Int32Array[]
) {
  const session = await openOn(set, models, train, threads)
  const answers = await Promise.all(calls.map((order) => session.steps(order)))
  const states = await session.save()
  await session.close()
  const losses = Float32Array.from(answers.flatMap((answer) => Array.from(answer.losses)))
  return states.map((state, m) => digestOf(state, lossesOf(losses, models.length, m)))
}

const greatestDifference = (a: Float32Array, b: Float64Array) =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), a.length === b.length ? 0 : NaN)

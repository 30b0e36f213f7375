// A session of the CPU engine: stops, errors, the order of answers.
import { beforeAll, describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import type { ModelConfig } from '@shared/model'
import { createCpuEngine } from '../../src/main/trainer/engines/cpu/cpu-engine'
import { loadKernels, type Kernels, type LoadedKernels } from '../../src/main/trainer/engines/cpu/load-kernels'
import type { EngineSession, Images } from '../../src/main/trainer/engines/engine'
import { initialState } from '../../src/main/trainer/initial-state'
import { processorModel } from '../../src/main/system/processor'
import { configOf, digestOf, imagesOf, lossesOf, modelOf, orderOf } from './cpu-models'

let loaded: LoadedKernels

async function openOn(models: readonly ModelConfig[], train: Images): Promise<EngineSession> {
  const session = await createCpuEngine({ load: () => Promise.resolve(loaded) }).open(configOf(models, train))
  await session.load(models.map(initialState))
  return session
}

/** Digests of the models after these batches, taken in one call. */
async function after(models: readonly ModelConfig[], train: Images, order: Int32Array) {
  const session = await openOn(models, train)
  const { losses } = await session.steps(order)
  const states = await session.save()
  await session.close()
  return states.map((state, m) => digestOf(state, lossesOf(losses, models.length, m)))
}

/** Stops a call that is under way, and answers with what it did. */
async function stopped(models: readonly ModelConfig[], train: Images, order: Int32Array, milliseconds: number) {
  const session = await openOn(models, train)
  const control = new AbortController()
  const call = session.steps(order, control.signal)
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  control.abort()
  const { losses } = await call
  const states = await session.save()
  const more = await session.steps(order.subarray(0, models[0]?.batchSize)) // a session that was stopped trains on
  await session.close()
  expect(more.losses).toHaveLength(models.length)
  const digests = states.map((state, m) => digestOf(state, lossesOf(losses, models.length, m)))
  return { batches: losses.length / models.length, digests }
}

describe.each([
  ['native', undefined],
  ['WebAssembly', 'no-platform']
])('%s kernels', (_, platform) => {
  beforeAll(async () => {
    loaded = await loadKernels(platform)
  })

  test('a stop is obeyed between two batches: all models have done the same ones', async () => {
    const models = [1, 2, 50, 100].map((units) => modelOf({ size: 784, hidden: [units], batchSize: 64 }))
    const train = imagesOf(1000, 784, 0.2)
    const order = orderOf(64 * 20_000, train.count)
    const { batches, digests } = await stopped(models, train, order, 50)
    expect(batches).toBeGreaterThan(0)
    expect(batches).toBeLessThan(20_000)
    expect(digests).toEqual(await after(models, train, order.subarray(0, batches * 64)))
  })

  test('a long batch that is stopped is undone', async () => {
    const models = [20, 30].map((units) => modelOf({ size: 784, hidden: [units], batchSize: 6000 }))
    const train = imagesOf(1000, 784, 0.2)
    const order = orderOf(6000 * 500, train.count)
    // A busy machine may take longer than that over the first one.
    let answer = await stopped(models, train, order, 100)
    for (let wait = 200; answer.batches === 0; wait *= 2) answer = await stopped(models, train, order, wait)
    const { batches, digests } = answer
    expect(batches).toBeLessThan(500)
    expect(digests).toEqual(await after(models, train, order.subarray(0, batches * 6000)))
  })

  test('a call that is stopped before it begins does nothing, and the next one is not stopped', async () => {
    const models = [modelOf({ size: 50, hidden: [3] })]
    const train = imagesOf(100, 50, 0.2)
    const session = await openOn(models, train)
    const order = orderOf(8 * 1000, 100)
    const control = new AbortController()
    const long = orderOf(8 * 20_000, 100)
    const calls = [session.steps(long), session.steps(order, control.signal), session.steps(order)]
    control.abort()
    const answers = await Promise.all([...calls, session.steps(order, AbortSignal.abort())])
    expect(answers.map(({ losses }) => losses.length)).toEqual([20_000, 0, 1000, 0])
    await session.close()
  })

  test('a stop of a call whose session is closing ends it; one after that does no harm', async () => {
    const train = imagesOf(100, 50, 0.2)
    const session = await openOn([modelOf({ size: 50, hidden: [3] })], train)
    const control = new AbortController()
    let stopAgain: unknown
    control.signal.addEventListener = (_: string, stop: unknown) => (stopAgain = stop)
    const call = session.steps(orderOf(8 * 200_000, 100), control.signal)
    const closed = session.close()
    ;(stopAgain as () => void)()
    expect((await call).losses.length).toBeLessThan(200_000)
    await closed
    ;(stopAgain as () => void)()
  })

  test('an order may be used again as soon as a call is made', async () => {
    const models = [modelOf({ size: 50, hidden: [3] })]
    const train = imagesOf(100, 50, 0.2)
    const session = await openOn(models, train)
    const orders = [orderOf(80, 100), orderOf(88, 100)]
    const used = orders.map((order) => order.slice())
    const calls = used.map((order) => session.steps(order))
    used.forEach((order) => order.fill(0))
    const losses = Float32Array.from((await Promise.all(calls)).flatMap((answer) => [...answer.losses]))
    const digests = (await session.save()).map((state) => digestOf(state, losses))
    await session.close()
    expect(digests).toEqual(await after(models, train, Int32Array.from(orders.flatMap((order) => [...order]))))
  })

  test('numbers below the normal range are not kept', async () => {
    const lit = { pixels: Uint8Array.of(255, 255, 0, 255), count: 2, size: 2 } // the first pixel is dark in the second image
    const session = await openOn([modelOf({ size: 2, hidden: [2], batchSize: 1, activation: 'linear' })], lit)
    await session.steps(Int32Array.from({ length: 2000 }, (_, n) => (n === 0 ? 0 : 1)))
    const [state] = await session.save()
    await session.close()
    const slots = (state?.slots.flat() ?? []).flatMap((tensor) => [...tensor].map(Math.abs))
    expect(slots.filter((value) => value > 0 && value < 2 ** -126)).toEqual([])
    expect(slots).toContain(0)
  })

  test('calls are answered in their order', async () => {
    const train = imagesOf(100, 50, 0.2)
    const session = await openOn([modelOf({ size: 50, hidden: [3] })], train)
    const answered: string[] = []
    const order = orderOf(8 * 300, 100)
    await Promise.all([
      session.steps(order).then(() => answered.push('steps')),
      session.steps(new Int32Array(0)).then(() => answered.push('no steps')),
      session.forward(train, order, ['mse']).then(() => answered.push('forward')),
      session.save().then(() => answered.push('save')),
      session.forward(train, new Int32Array(0), ['mse']).then(() => answered.push('forward of none')),
      session.close().then(() => answered.push('close'))
    ])
    expect(answered).toEqual(['steps', 'no steps', 'forward', 'save', 'forward of none', 'close'])
  })

  test('what is wrong is a LabError', async () => {
    const train = imagesOf(100, 50, 0.2)
    const model = modelOf({ size: 50, hidden: [3] })
    const session = await openOn([model], train)
    await expect(session.steps(Int32Array.of(100))).rejects.toMatchObject({ kind: 'bad-value' })
    await session.close()
    await expect(session.save()).rejects.toBeInstanceOf(LabError)
    const open = (more: object) =>
      createCpuEngine({ load: () => Promise.resolve(loaded), memory: 1e6, ...more }).open(configOf([model], train))
    await expect(open({ memory: 1e5 })).rejects.toMatchObject({ kind: 'out-of-memory' })
    await expect(open({ instructionSet: 'mmx' })).rejects.toMatchObject({ kind: 'not-supported' })
    const huge = Array.from({ length: 128 }, () => modelOf({ size: 50, hidden: [65_536, 65_536, 65_536] }))
    await expect(
      createCpuEngine({ load: () => Promise.resolve(loaded), memory: Infinity }).open(configOf(huge, train))
    ).rejects.toMatchObject({
      kind: 'out-of-memory'
    })
  })
})

test('an instruction set that does not work here is not used, and the device says so', async () => {
  const { kernels } = await loadKernels()
  const [fastest = '', second] = kernels.instructionSets()
  const engine = (isWorking: (set: string) => boolean, portable?: () => Promise<Kernels>) =>
    createCpuEngine({
      load: () => Promise.resolve({ kernels: { ...kernels, isWorking }, remark: '', ...(portable && { portable }) }),
      instructionSet: ''
    })
  const [device] = await createCpuEngine({ instructionSet: '' }).devices()
  expect(device).toMatchObject({ name: 'cpu', usable: true, detail: `${processorModel()}, ${fastest}` })
  const [other] = await engine((set) => set !== fastest).devices()
  if (second) expect(other?.detail).toBe(`${processorModel()}, ${second}, ${fastest} fails its self-test here`)
  const [none] = await engine(() => false).devices()
  expect(none).toMatchObject({ usable: false })
  const portable = async () => (await loadKernels('no-platform')).kernels
  const [last] = await engine(() => false, portable).devices()
  const failed = kernels.instructionSets().map((set) => `${set} fails its self-test here`)
  expect(last).toMatchObject({ usable: true, detail: [processorModel(), 'webassembly', ...failed].join(', ') })
})

test('12 models of d = 784 at a batch of 60,000 take well under 1 GB', async () => {
  const models = Array.from({ length: 12 }, (_, m) => modelOf({ size: 784, hidden: [784], batchSize: 60_000, seed: m }))
  await expect(createCpuEngine({ memory: 600e6 }).open(configOf(models, imagesOf(10, 784, 0.2)))).resolves.toBeDefined()
})

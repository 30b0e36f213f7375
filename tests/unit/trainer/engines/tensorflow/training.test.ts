// A training with the real library in this thread: its tensors are given back, and models apart train as side by side.
import { createRequire } from 'node:module'
import { beforeEach, expect, it } from 'vitest'
import { shuffle } from '@shared/random'
import { tensorNames, type ModelSpec, type ModelState } from '../../../../../src/main/trainer/engine'
import { findLibrary, packageFolders } from '../../../../../src/main/trainer/engines/tensorflow/library'
import {
  asLabError,
  loadTensorflow,
  usesGpu,
  type TensorFlow
} from '../../../../../src/main/trainer/engines/tensorflow/tensorflow'
import { openTraining, type TensorflowJob } from '../../../../../src/main/trainer/engines/tensorflow/training'
import { initialState } from '../../../../../src/main/trainer/initialize'
import { LabError } from '../../../../../src/shared/errors'
import { testDigits, trainingDigits } from '../digits'

const SEED = 3
const BATCH = 16
const library = findLibrary(packageFolders())
const models: ModelSpec[] = [2, 8, 16].map((latentDim) => ({ name: `d=${latentDim}`, latentDim, activation: 'tanh' }))
const states = models.map((model) => initialState(model, SEED))
const train = trainingDigits(500)
const order = shuffle(SEED, 1, train.count)

beforeEach(({ skip }) => skip(library === null, 'needs TensorFlow’s native part: npm run setup:tensorflow'))

function tensorflow(): TensorFlow {
  return loadTensorflow(library?.packageFolder ?? '')
}

function job(changes: Partial<TensorflowJob> = {}): TensorflowJob {
  const device = usesGpu(tensorflow()) ? 'cuda' : 'cpu'
  const packageFolder = library?.packageFolder ?? ''
  const test = testDigits(120)
  return {
    models,
    batchSize: BATCH,
    learningRate: 0.001,
    train,
    test,
    device,
    packageFolder,
    oneByOne: false,
    ...changes
  }
}

it.each([false, true])(
  'holds as many tensors after each call as before, and none in the end (one by one: %s)',
  async (oneByOne) => {
    const { numTensors: before, numBytes: bytesBefore } = tensorflow().memory()
    for (let repeat = 0; repeat < 3; repeat++) {
      const training = await openTraining(job({ oneByOne }))
      await training.load(states)
      const { numTensors, numBytes } = tensorflow().memory()
      expect(numTensors).toBeGreaterThan(before)
      const calls = [
        () => training.steps(order.slice(0, 5 * BATCH)),
        () => training.steps(order), // the last batch is smaller
        () => training.evaluate(),
        () => training.measureQuality(),
        () => training.reconstruct([1, 2, 3]),
        () => training.save(),
        () => training.load(states)
      ]
      for (const call of calls) {
        await call()
        expect(tensorflow().memory()).toMatchObject({ numTensors, numBytes })
      }
      await training.close()
      expect(tensorflow().memory()).toMatchObject({ numTensors: before, numBytes: bytesBefore })
    }
  }
)

it('gives back what a call that failed on its way had made', async () => {
  const training = await openTraining(job())
  await training.load(states)
  const { numTensors } = tensorflow().memory()
  const backend = tensorflow().backend() as unknown as { executeSingleInput(name: string, input: unknown): unknown }
  const execute = backend.executeSingleInput
  let operations = 0
  backend.executeSingleInput = (name, input) => {
    if (++operations === 20) throw new Error('OOM when allocating tensor')
    return execute.call(backend, name, input)
  }
  try {
    await expect(training.steps(order)).rejects.toThrow('OOM')
  } finally {
    backend.executeSingleInput = execute
  }
  expect(tensorflow().memory().numTensors).toBe(numTensors)
  expect((await training.save())[0]?.step).toBeGreaterThan(0)
  await training.close()
})

it('trains models one by one as side by side', async () => {
  const [together, apart] = await Promise.all(
    [false, true].map(async (oneByOne) => {
      const training = await openTraining(job({ oneByOne }))
      await training.load(states)
      const losses = await training.steps(order)
      const result = { losses, states: await training.save(), evaluation: await training.evaluate() }
      await training.close()
      return result
    })
  )
  if (!together || !apart) throw new Error('two trainings were asked for')
  expect(largestDifference(together.losses, apart.losses)).toBeLessThan(1e-6)
  expect(largestDifference(together.evaluation.bce, apart.evaluation.bce)).toBeLessThan(1e-6)
  expect(apart.states.map(({ name, step }) => [name, step])).toEqual(
    models.map(({ name }) => [name, Math.ceil(500 / BATCH)])
  )
  together.states.forEach((state, index) => {
    for (const name of tensorNames) {
      const other = (apart.states[index] as ModelState).weights[name]
      expect(largestDifference(state.weights[name], other), `${name} of ${state.name}`).toBeLessThan(1e-5)
    }
  })
})

it('refuses a device on which this library does not compute', async () => {
  const other = usesGpu(tensorflow()) ? 'cpu' : 'cuda'
  await expect(openTraining(job({ device: other }))).rejects.toMatchObject({
    kind: 'device-unavailable',
    data: { found: other }
  })
})

it('loads where Node has taken away what TensorFlow.js calls', () => {
  const util = createRequire(__filename)('node:util') as Record<string, unknown>
  const taken = { isNullOrUndefined: util.isNullOrUndefined, isArray: util.isArray }
  util.isNullOrUndefined = undefined
  util.isArray = undefined
  try {
    const tf = tensorflow()
    expect(tf.tidy(() => [...tf.tensor1d([1, 2]).add(1).dataSync()])).toEqual([2, 3])
    expect(tf.tidy(() => tf.slice(tf.tensor1d([1, 2, 3]), [1], [1]).dataSync()[0])).toBe(2)
  } finally {
    Object.assign(util, taken)
  }
})

it.each([
  ['OOM when allocating tensor with shape[256,784] and type float', 'out-of-memory'],
  ['Invalid TF_Status: 8\nMessage: RESOURCE_EXHAUSTED: failed to allocate memory', 'out-of-memory'],
  ['Invalid TF_Status: 3\nMessage: Matrix size-incompatible', 'internal']
])('tells %j as %s', (message, kind) => {
  expect(asLabError(new Error(message))).toMatchObject({ kind })
})

it('passes a LabError on as it is', () => {
  const error = new LabError('busy', 'At work')
  expect(asLabError(error)).toBe(error)
})

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : NaN
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs((actual[i] as number) - (expected[i] as number)))
  }
  return largest
}

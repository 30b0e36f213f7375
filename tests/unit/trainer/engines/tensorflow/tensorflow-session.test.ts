// A session with the real library in this thread: its tensors are given back, also by a call that fails.
import { createRequire } from 'node:module'
import { beforeEach, expect, it } from 'vitest'
import { type ModelConfig } from '@shared/model'
import { randomStream, shuffle } from '@shared/random'
import type { Images } from '../../../../../src/main/trainer/engines/engine'
import { findLibrary, packageFolders } from '../../../../../src/main/trainer/engines/tensorflow/tensorflow-library'
import { openSession } from '../../../../../src/main/trainer/engines/tensorflow/tensorflow-session'
import {
  asLabError,
  loadTensorflow,
  usesGpu,
  type TensorFlow
} from '../../../../../src/main/trainer/engines/tensorflow/tensorflow'
import { initialState } from '../../../../../src/main/trainer/initial-state'
import { LabError } from '../../../../../src/shared/errors'

const BATCH = 16
const SIZE = 100
const library = findLibrary(packageFolders())
const training = {
  label: '',
  rank: 0,
  value: 0,
  optimizer: 'adam',
  loss: 'bce',
  batchSize: BATCH,
  epochs: 1,
  seed: 3,
  initKey: ''
} as const
const models: ModelConfig[] = [2, 8, 16].map((units, index) => ({
  ...training,
  id: `d=${units}`,
  layers: [units, 3, units, SIZE].map((units) => ({ units, activation: units === SIZE ? 'sigmoid' : 'relu' })),
  learningRate: index === 2 ? 0.002 : 0.001
}))
const states = models.map(initialState)
const train = noise(500)
const order = shuffle(3, 1, train.count)

function noise(count: number): Images {
  const random = randomStream(1)
  return { pixels: Uint8Array.from({ length: count * SIZE }, () => random() * 256), count, size: SIZE }
}

beforeEach(({ skip }) => skip(library === null, 'needs TensorFlow’s native part: npm run setup:tensorflow'))

function tensorflow(): TensorFlow {
  return loadTensorflow(library?.packageFolder ?? '')
}

const ownDevice = () => (usesGpu(tensorflow()) ? 'tensorflow-cuda' : 'tensorflow-cpu')

function open(device = ownDevice()) {
  return openSession({ models, train, device }, library?.packageFolder ?? '')
}

it('holds as many tensors after each call as before, and none in the end', async () => {
  const { numTensors: before, numBytes: bytesBefore } = tensorflow().memory()
  for (let repeat = 0; repeat < 3; repeat++) {
    const session = await open()
    await session.load(states)
    const { numTensors, numBytes } = tensorflow().memory()
    expect(numTensors).toBeGreaterThan(before)
    const calls = [
      () => session.steps(order.slice(0, 5 * BATCH)),
      () => session.steps(order), // the last batch is smaller
      () => session.forward(train, order, ['bce', 'mse', 'reconstruction', 'code']),
      () => session.save(),
      () => session.load(states)
    ]
    for (const call of calls) {
      await call()
      expect(tensorflow().memory()).toMatchObject({ numTensors, numBytes })
    }
    await session.close()
    expect(tensorflow().memory()).toMatchObject({ numTensors: before, numBytes: bytesBefore })
  }
})

it('gives back what a call that failed on its way had made', async () => {
  const session = await open()
  await session.load(states)
  const { numTensors } = tensorflow().memory()
  const backend = tensorflow().backend() as unknown as { executeSingleInput(name: string, input: unknown): unknown }
  const execute = backend.executeSingleInput
  let operations = 0
  backend.executeSingleInput = (name, input) => {
    if (++operations === 20) throw new Error('OOM when allocating tensor')
    return execute.call(backend, name, input)
  }
  try {
    await expect(session.steps(order)).rejects.toMatchObject({ kind: 'out-of-memory' })
  } finally {
    backend.executeSingleInput = execute
  }
  expect(tensorflow().memory().numTensors).toBe(numTensors)
  await session.close()
})

it('refuses a device on which this library does not compute', async () => {
  const other = ownDevice() === 'tensorflow-cpu' ? 'tensorflow-cuda' : 'tensorflow-cpu'
  await expect(open(other)).rejects.toMatchObject({
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
])('describes %j as %s', (message, kind) => {
  expect(asLabError(new Error(message))).toMatchObject({ kind })
})

it('passes a LabError on as it is', () => {
  const error = new LabError('busy', 'At work')
  expect(asLabError(error)).toBe(error)
})

// One way of training the article's six on WebGPU, step by step, with ONNX Runtime telling of every program that it starts.
// Started by scripts/launches.mjs, which counts. Arguments: `apart`, `flat` or `traffic`, and the batch size.
import { writeSync } from 'node:fs'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { openGpuGroup } from '../src/main/trainer/engines/onnxruntime/gpu/gpu-group'
import { flatLength } from '../src/main/trainer/engines/onnxruntime/gpu/flat-state'
import { providerOf } from '../src/main/trainer/engines/onnxruntime/gpu/provider'
import { stateNames, stepGraph } from '../src/main/trainer/engines/onnxruntime/gpu/step-graph'
import { groupTensors } from '../src/main/trainer/engines/onnxruntime/parameters'
import { trainingGraph } from '../src/main/trainer/engines/onnxruntime/training-graph'
import { initialState } from '../src/main/trainer/initialize'

const PIXELS = 784
const COUNT = 1000
const models = [2, 8, 16, 32, 64, 128].map((latentDim) => ({
  name: `d=${latentDim}`,
  latentDim,
  activation: 'relu' as const
}))
const images = { pixels: new Uint8Array(COUNT * PIXELS).map((_, place) => (place * 7) % 256), count: COUNT }
const provider = providerOf('webgpu')
if (!provider) throw new Error('webgpu is no device')

const float32 = (numbers: Float32Array, shape: number[]) => new Tensor('float32', numbers, shape)
const picks = (steps: number, batch: number) => Int32Array.from({ length: steps * batch }, (_, place) => place % COUNT)

/** The inputs that both graphs share. */
function feedsOf(steps: number, batch: number): Record<string, Tensor> {
  return {
    images: new Tensor('uint8', images.pixels, [COUNT, PIXELS]),
    order: new Tensor('int32', picks(steps, batch), [steps, batch]),
    rates: float32(new Float32Array(steps).fill(0.001), [steps]),
    gradientFactor: float32(Float32Array.of(1 / (batch * PIXELS)), [])
  }
}

/** Runs a graph once between two marks on stderr, where the runtime writes. */
async function tell(graph: Uint8Array, feeds: Record<string, Tensor>): Promise<void> {
  env.logLevel = 'info'
  const session = await InferenceSession.create(graph, { executionProviders: ['webgpu'], logSeverityLevel: 1 })
  writeSync(2, '\nfirst step\n')
  await session.run(feeds)
  writeSync(2, '\nlast step\n')
  await session.release()
}

/** Every tensor by itself, K steps in a Loop: how the CPU trains. */
async function apart(steps: number, batch: number): Promise<void> {
  const state = groupTensors(models).flatMap(({ name, shape }) =>
    ['weight', 'firstMoment', 'secondMoment'].map((kind): [string, Tensor] => [
      `${kind}/${name}`,
      float32(new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(0.01), shape)
    ])
  )
  const count = new Tensor('int64', BigInt64Array.of(BigInt(steps)), [])
  await tell(trainingGraph(models), { ...feedsOf(steps, batch), ...Object.fromEntries(state), steps: count })
}

/** Flat state, elementwise work for all models at once, steps unrolled: how a GPU trains. */
async function flat(steps: number, batch: number): Promise<void> {
  const length = flatLength(models)
  const state = stateNames.map((name): [string, Tensor] => [
    name,
    float32(new Float32Array(length).fill(0.01), [length])
  ])
  const ones = float32(new Float32Array(batch).fill(1), [1, batch])
  await tell(stepGraph(models, steps).bytes, { ...feedsOf(steps, batch), ones, ...Object.fromEntries(state) })
}

/** Bytes a step that cross once the training is under way. */
async function traffic(steps: number, batch: number): Promise<{ toDevice: number; fromDevice: number }> {
  if (!provider) throw new Error('webgpu is no device')
  const crossed = { toDevice: 0, fromDevice: 0 }
  const job = { models, batchSize: batch, learningRate: 0.001, train: images, test: images }
  const group = await openGpuGroup(job, provider, crossed)
  await group.load(models.map((model) => initialState(model, 1)))
  await group.steps(picks(1, batch)) // carries the weights over
  const before = { ...crossed }
  await group.steps(picks(steps, batch))
  const [toDevice, fromDevice] = [crossed.toDevice - before.toDevice, crossed.fromDevice - before.fromDevice]
  await group.close()
  return { toDevice: toDevice / steps, fromDevice: fromDevice / steps }
}

const [way = '', batch = '32'] = process.argv.slice(2)
const { steps } = provider
const work = { apart, flat, traffic }[way]
if (!work) throw new Error('Expected apart, flat or traffic')
void work(steps, Number(batch)).then((crossed) => {
  process.stdout.write(JSON.stringify({ steps, ...crossed }))
})

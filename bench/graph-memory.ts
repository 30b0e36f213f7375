// The memory that a training takes beyond the bare runtime, in a process of its own. Started by scripts/graph-memory.mjs, whose
// arguments are the device, the latent dimensions, the batch size, and the parts that take turns; 0: one graph as ever. With `estimate` behind
// them nothing is measured.
import { PIXELS } from '../src/shared/experiment'
import type { ModelSpec } from '../src/main/trainer/engine'
import { gpuGraphBytes } from '../src/main/trainer/engines/onnxruntime/gpu/gpu-memory'
import { openGpuGroup } from '../src/main/trainer/engines/onnxruntime/gpu/gpu-group'
import { providerOf } from '../src/main/trainer/engines/onnxruntime/gpu/provider'
import { graphBytes } from '../src/main/trainer/engines/onnxruntime/graph-memory'
import { openGroup, type Group, type GroupJob } from '../src/main/trainer/engines/onnxruntime/group'
import { openInTurns } from '../src/main/trainer/engines/onnxruntime/turns'
import { initialState } from '../src/main/trainer/initialize'
import { createCollector } from '../src/main/system/collector'
import { residentBytes, statusBytes } from './memory'

const TEST_COUNT = 500
const [device = '', dimsText = '', batchText = '', partsText = '', only = ''] = process.argv.slice(2)
const [batchSize, count] = [Number(batchText), Number(partsText)]
const named = providerOf(device)
const provider = named && { ...named, steps: 1 } // runs of seven steps take a program that plays a GPU minutes
const arena = count === 0

const imagesOf = (count: number) => ({
  pixels: new Uint8Array(count * PIXELS).map((_, place) => (place * 7) % 256),
  count
})
const modelsOf = (latentDims: number[]): ModelSpec[] =>
  latentDims.map((latentDim, index) => ({ name: `d=${latentDim} ${index}`, latentDim, activation: 'tanh' }))

/** Models of neighbouring widths in `count` parts, as many in each. */
function evenParts(models: ModelSpec[]): number[][] {
  const size = Math.ceil(models.length / Math.max(1, count))
  const parts = Array.from({ length: Math.ceil(models.length / size) }, (_, part) => part * size)
  return parts.map((first) => models.slice(first, first + size).map((_, place) => first + place))
}

async function trainWith(group: Group, models: ModelSpec[], images: number, afterCall: () => void): Promise<void> {
  const order = Int32Array.from({ length: images }, (_, place) => place)
  await group.load(models.map((model) => initialState(model, 1)))
  for (const call of [() => group.steps(order), () => group.steps(order), () => group.evaluate()]) {
    await call()
    afterCall()
  }
}

const models = modelsOf(dimsText.split(',').map(Number))
const parts = evenParts(models)

/** Of the largest part, in bytes. */
function estimate(): number {
  const images = batchSize + TEST_COUNT
  const estimates = parts.map((part) => {
    const own = part.map((index) => models[index] as ModelSpec)
    return provider ? gpuGraphBytes({ models: own, batchSize, images }, provider) : graphBytes(own, batchSize, arena)
  })
  return Math.max(...estimates)
}

/** Of all parts, in bytes. */
async function measure(): Promise<number> {
  const job: GroupJob = {
    models,
    batchSize,
    learningRate: 0.001,
    train: imagesOf(batchSize),
    test: imagesOf(TEST_COUNT),
    threads: 1
  }
  const open = (own: GroupJob) => (provider ? openGpuGroup(own, provider) : openGroup({ ...own, arena }))
  const few = modelsOf([2, 4])
  const warm = await open({ ...job, models: few, batchSize: Math.min(batchSize, 8) }) // what the runtime takes is none of the graph's
  await trainWith(warm, few, 8, () => undefined)
  await warm.close()
  const collect = createCollector()
  collect('major')
  const before = residentBytes(process.pid)

  const group = await openInTurns(job, parts, open)
  let largest = 0
  await trainWith(group, models, batchSize, () => {
    collect('minor')
    largest = Math.max(largest, residentBytes(process.pid))
  })
  await group.close()
  // A program that plays a GPU compiles in the same memory, far more than it then holds: its peak tells nothing.
  return (provider ? largest : statusBytes(process.pid, 'VmHWM')) - before
}

async function answer(): Promise<void> {
  const measured = only === 'estimate' ? null : await measure()
  process.stdout.write(JSON.stringify({ estimate: estimate(), measured }))
}

void answer()

// What only a device can show: launches, bytes that cross, nodes that it lacks. Skipped where there is no WebGPU.
import { beforeEach, describe, expect, it } from 'vitest'
import { createOnnxruntimeEngine } from '../../../../../../src/main/trainer/engines/onnxruntime/engine'
import { createGraph } from '../../../../../../src/main/trainer/engines/onnxruntime/graph-builder'
import { openDeviceSession } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/device-session'
import { openGpuGroup } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/gpu-group'
import type { Provider } from '../../../../../../src/main/trainer/engines/onnxruntime/gpu/provider'
import { initialState } from '../../../../../../src/main/trainer/initialize'
import { testDigits, trainingDigits } from '../../digits'
import { buildLaunches, countLaunches } from '../../../../../../scripts/launches.mjs'

const devices = await createOnnxruntimeEngine('here').devices()
const usable = devices.some(({ name, usable }) => name === 'webgpu' && usable)
const webgpu: Provider = { name: 'webgpu', deviceId: 0, resident: true, steps: 2 }
const train = trainingDigits(60)
const model = { name: 'd=3', latentDim: 3, activation: 'tanh' as const }
const job = { models: [model], batchSize: 4, learningRate: 0.001, train, test: testDigits(10) }
const order = Int32Array.from({ length: 5 * 4 }, (_, place) => place % train.count)

describe('on WebGPU', () => {
  beforeEach(({ skip }) => skip(!usable, 'needs a GPU that WebGPU can use'))

  it('a step of six models starts less than a sixth of the programs that every tensor apart would need', async () => {
    const entry = (await buildLaunches()) as string
    const count = countLaunches as (entry: string, way: string, batch: number) => { launches: number }
    const [apart, flat] = [count(entry, 'apart', 2).launches, count(entry, 'flat', 2).launches]
    expect(flat).toBeLessThanOrEqual(38)
    expect(apart / flat).toBeGreaterThan(6)
  }, 180_000)

  it('nothing but indices, rates and losses crosses', async () => {
    const traffic = { toDevice: 0, fromDevice: 0 }
    const group = await openGpuGroup(job, webgpu, traffic)
    expect(traffic.toDevice).toBeGreaterThan(60 * 784)
    await group.load([initialState(model, 1)])
    await group.steps(order.slice(0, 4)) // takes the weights along
    const before = { ...traffic }
    await group.steps(order.slice(0, 4 * 4))
    await group.close()
    // Two runs of two steps: 8 indices, 2 rates, 4 ones and a factor to the device; 2 losses back; 4 bytes each.
    expect(traffic.toDevice - before.toDevice).toBe(2 * 4 * (8 + 2 + 4 + 1))
    expect(traffic.fromDevice - before.fromDevice).toBe(2 * 4 * 2)
  })

  it('a device on which nothing stays ends in the same bits', async () => {
    const saved = []
    for (const provider of [webgpu, { ...webgpu, resident: false }]) {
      const group = await openGpuGroup(job, provider)
      await group.load([initialState(model, 1)])
      await group.steps(order)
      saved.push({ states: await group.save(), evaluation: await group.evaluate() })
      await group.close()
    }
    expect(saved[1]).toEqual(saved[0])
  })

  it('a graph with a node that the device lacks is refused by the node’s name', async () => {
    const graph = createGraph()
    const input = graph.input('input', 'float32', [4])
    const sign = graph.op('Sign', [graph.op('Relu', [input])])
    const output = graph.op('Sqrt', [sign])
    graph.output(output, 'float32', [4])
    const opening = openDeviceSession(
      { bytes: graph.toBytes(), outputs: [output] },
      { provider: webgpu, traffic: { toDevice: 0, fromDevice: 0 } }
    )
    await expect(opening).rejects.toMatchObject({
      kind: 'not-supported',
      data: { found: `no kernel for Sign (${sign})`, remedy: 'Choose the device cpu' }
    })
  })
})

// The estimates against what processes take: each case is ruled by another term, and would fail without it.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOnnxruntimeEngine } from '../../src/main/trainer/engines/onnxruntime/engine'
import { buildGraphMemory, measureGraph } from '../../scripts/graph-memory.mjs'

type Case = [latentDims: number[], batch: number, parts: number]
const measure = measureGraph as (entry: string, device: string, of: Case) => { estimate: number; measured: number }
const repeated = (latentDim: number, count: number) => Array.from({ length: count }, () => latentDim)

const devices = await createOnnxruntimeEngine('here').devices()
const webgpu = devices.find(({ name, usable }) => name === 'webgpu' && usable)

describe('the estimate of a graph', () => {
  beforeEach(({ skip }) =>
    skip(process.platform !== 'linux', 'needs /proc to read the size of a process, which Linux has')
  )
  let entry = ''
  beforeAll(async () => {
    entry = (await buildGraphMemory()) as string
  })

  const cases: [term: string, ...Case][] = [
    ['weights', repeated(784, 4), 16, 0],
    ['pixels, a tensor a model', repeated(4, 12), 4096, 1],
    ['pixels of the model at work', repeated(4, 8), 8192, 8],
    ['codes', repeated(784, 4), 4096, 0],
    ['evaluation, kept by the arena', repeated(2, 12), 16, 0],
    ['the arena', repeated(8, 4), 8192, 0]
  ]
  it.each(cases)('on the CPU is near what is taken: %s', (_, ...one) => {
    const { estimate, measured } = measure(entry, 'cpu', one)
    expect(estimate / measured).toBeGreaterThan(0.85)
    expect(estimate / measured).toBeLessThan(1.4)
  })

  // A program that plays a GPU holds its device's memory, and compiled programs besides, of which all graphs have much the same.
  it('on WebGPU grows as what is taken, by weights and by pixels', { timeout: 300_000 }, ({ skip }) => {
    skip(webgpu?.software !== true, 'needs SwiftShader')
    const small = measure(entry, 'webgpu', [[4], 16, 1])
    for (const grown of [[[768], 16, 1] as Case, [[4], 2048, 1] as Case]) {
      const { estimate, measured } = measure(entry, 'webgpu', grown)
      const ratio = (estimate - small.estimate) / (measured - small.measured)
      expect(ratio, grown.join(' ')).toBeGreaterThan(0.6)
      expect(ratio, grown.join(' ')).toBeLessThan(1.8)
    }
  })
})

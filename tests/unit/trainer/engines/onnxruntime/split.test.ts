import { expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { gpuGraphBytes, stepsPerRun } from '../../../../../src/main/trainer/engines/onnxruntime/gpu/gpu-memory'
import { graphBytes, type Width } from '../../../../../src/main/trainer/engines/onnxruntime/graph-memory'
import { split } from '../../../../../src/main/trainer/engines/onnxruntime/split'

const widths = (...dims: number[]) => dims.map((latentDim) => ({ latentDim }))
const six = widths(...presets.article.varied.values)
const { batchSize } = presets.article
const webgpu = { steps: 7 }

it.each([
  [1000, [[0, 1, 2, 3]]],
  [
    16,
    [
      [0, 2],
      [1, 3]
    ]
  ],
  [13, [[0, 1, 3], [2]]],
  [8, [[0, 3], [1], [2]]],
  [1, [[0], [1], [2], [3]]]
])('parts of neighbours in width whose widths add up to at most %d', (most, expected) => {
  const parts = split(widths(6, 1, 10, 2), (part) => part.reduce((sum, { latentDim }) => sum + latentDim, 0) <= most)
  expect(parts.map((part) => part.join()).sort()).toEqual(expected.map((part) => part.join()).sort())
})

it('keeps models together where nothing limits them, and apart where nothing fits', () => {
  expect(split(six, () => true)).toEqual([[0, 1, 2, 3, 4, 5]])
  expect(split(six, () => false)).toEqual([[0], [1], [2], [3], [4], [5]])
})

it('takes as few parts as fit, each within the budget', () => {
  const budget = 0.7 * graphBytes(six, batchSize, false)
  const parts = split(six, (part) => graphBytes(part, batchSize, false) <= budget)
  expect(parts).toHaveLength(2)
  for (const part of parts) {
    expect(
      graphBytes(
        part.map((index) => six[index] as Width),
        batchSize,
        false
      )
    ).toBeLessThanOrEqual(budget)
  }
})

it('never splits the article’s six on a machine with four gigabytes', () => {
  const budget = 4e9 / 4
  expect(graphBytes(six, batchSize, true)).toBeLessThan(budget / 2)
  expect(gpuGraphBytes({ models: six, batchSize, images: 70_000 }, webgpu)).toBeLessThan(budget)
})

it('more models, wider ones, larger batches and more images take more', () => {
  const sizes = [
    graphBytes(widths(2, 4), 10, false),
    graphBytes(widths(2, 2, 4), 10, false),
    graphBytes(widths(2, 2, 8), 10, false),
    graphBytes(widths(2, 2, 8), 20, false),
    graphBytes(widths(2, 2, 8), 20, true)
  ]
  const ofGpu = [
    [widths(2, 4), 10, 0] as const,
    [widths(2, 4, 4), 10, 0] as const,
    [widths(2, 4, 8), 10, 0] as const,
    [widths(2, 4, 8), 20, 0] as const,
    [widths(2, 4, 8), 20, 100] as const
  ].map(([models, batchSize, images]) => gpuGraphBytes({ models, batchSize, images }, webgpu))
  for (const rising of [sizes, ofGpu]) expect([...rising].sort((a, b) => a - b)).toEqual(rising)
})

it('a run of the GPU is one step where the pixels of all would be too many', () => {
  expect(stepsPerRun(128, webgpu)).toBe(7)
  expect(stepsPerRun(60_000, webgpu)).toBe(1)
})

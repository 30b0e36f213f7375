// A group goes by its budget: what of it is opened, part by part.
import { afterEach, expect, test, vi } from 'vitest'
import type { ModelSpec } from '../../../../../src/main/trainer/engine'
import { graphBytes } from '../../../../../src/main/trainer/engines/onnxruntime/graph-memory'
import { openGroups } from '../../../../../src/main/trainer/engines/onnxruntime/group'
import { openSession } from '../../../../../src/main/trainer/engines/onnxruntime/session'
import { testDigits, trainingDigits } from '../digits'

vi.mock('../../../../../src/main/trainer/engines/onnxruntime/session', async (original) => {
  const actual = await original<{ openSession: typeof openSession }>()
  return { ...actual, openSession: vi.fn(actual.openSession) }
})
afterEach(() => vi.clearAllMocks())

const models = [2, 5, 6].map((latentDim): ModelSpec => ({ name: `d=${latentDim}`, latentDim, activation: 'tanh' }))
const batchSize = 4
const job = { models, batchSize, learningRate: 0.001, train: trainingDigits(8), test: testDigits(4), threads: 1 }
const SESSIONS_PER_GRAPH = 2 // to train and to evaluate

/** Graphs that are opened under a budget, and whether their sessions keep an arena. */
async function opened(memoryBudget: number) {
  const group = await openGroups({ ...job, memoryBudget })
  await group.close()
  const { calls } = vi.mocked(openSession).mock
  return { graphs: calls.length / SESSIONS_PER_GRAPH, arena: calls.map(([, , arena]) => arena ?? true) }
}

test('one graph with an arena where that keeps within it', async () => {
  expect(await opened(graphBytes(models, batchSize, true))).toEqual({ graphs: 1, arena: [true, true] })
})

test('one graph without an arena where that does', async () => {
  expect(await opened(graphBytes(models, batchSize, false))).toEqual({ graphs: 1, arena: [false, false] })
})

test('as few parts as keep within it, and each model alone where none does', async () => {
  expect((await opened(graphBytes(models.slice(1), batchSize, false))).graphs).toBe(2)
  vi.clearAllMocks()
  expect((await opened(1)).graphs).toBe(3)
})

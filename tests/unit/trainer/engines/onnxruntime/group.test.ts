import { describe, expect, it } from 'vitest'
import { openGroup } from '../../../../../src/main/trainer/engines/onnxruntime/group'
import { initialState } from '../../../../../src/main/trainer/initialize'
import { testDigits, trainingDigits } from '../digits'

const BATCH = 4
const model = { name: 'd=2', latentDim: 2, activation: 'relu' as const }

async function open() {
  const { train, test } = { train: trainingDigits(1024), test: testDigits(10) }
  return openGroup({ models: [model], batchSize: BATCH, learningRate: 0.001, train, test, threads: 1 })
}

/** A model whose first unit is dead, with moments left over from when it lived. */
function halfDead(moment: number) {
  const state = initialState(model, 1)
  state.weights['encoder.bias'][0] = -1000
  state.firstMoment['encoder.weight'].forEach((_, i, all) => {
    if (i % 2 === 0) all[i] = moment
  })
  return state
}

const order = (steps: number) => Int32Array.from({ length: steps * BATCH }, (_, index) => index % 1024)

describe('a group', () => {
  it('clears moments that vanish, at fixed steps, and no others', async () => {
    const group = await open()
    await group.load([halfDead(1e-28)])
    await group.steps(order(127))
    const before = (await group.save())[0]?.firstMoment['encoder.weight'] ?? []
    expect(before[0]).toBeGreaterThan(0)
    await group.steps(order(1))
    const after = (await group.save())[0]?.firstMoment['encoder.weight'] ?? []
    expect(after[0]).toBe(0)
    expect([...after].some((value) => value !== 0)).toBe(true)

    await group.load([halfDead(1e-4)])
    await group.steps(order(128))
    expect((await group.save())[0]?.firstMoment['encoder.weight'][0]).toBeGreaterThan(0)
    await group.close()
  })

  it('says what is missing when a state to load lacks a model', async () => {
    const group = await open()
    await expect(group.load([{ ...initialState(model, 1), name: 'd=3' }])).rejects.toMatchObject({ kind: 'internal' })
    await group.close()
  })
})

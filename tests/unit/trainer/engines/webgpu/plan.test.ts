// Where models lie on a GPU, without one.
import { describe, expect, it } from 'vitest'
import { tileShapes } from '../../../../../src/main/trainer/engines/webgpu/wgsl-kernels'
import { planOf, stagesOf, TILE_WORDS, tilesOf } from '../../../../../src/main/trainer/engines/webgpu/plan'
import { packStates, unpackStates } from '../../../../../src/main/trainer/engines/webgpu/state'
import { initialState } from '../../../../../src/main/trainer/initial-state'
import { model } from '../../../../contract/webgpu-cases'

const models = [model(49, [3]), model(49, [10, 3, 5]), model(49, [130], { loss: 'mse' })]

describe('planOf', () => {
  it('gives weights, slots and layers’ rows places of their own', () => {
    const plan = planOf(models, 49)
    const used = new Set<number>()
    const take = (first: number, count: number) => {
      for (let i = first; i < first + count; i++) {
        expect(used.has(i)).toBe(false)
        used.add(i)
      }
    }
    plan.layers.flat().forEach(({ weights, bias, inputs4, outputs4, slots }) => {
      for (const copy of [0, 1, 2]) {
        take(weights + copy * slots, 4 * inputs4 * outputs4)
        take(bias + copy * slots, outputs4)
      }
    })
    expect(used.size).toBe(plan.state4)
    used.clear()
    plan.layers.flat().forEach(({ outcome, outputs4 }) => take(outcome, plan.rows * outputs4))
    expect(used.size).toBe(plan.gradients4)
  })

  it('adds up gradients of long batches alone, in chunks that no other model decides', () => {
    const long = (count: number) =>
      planOf(
        models.slice(0, count).map((one) => ({ ...one, batchSize: 60_000 })),
        49
      )
    expect(planOf(models, 49).chunked).toBe(false)
    expect(long(1)).toMatchObject({ chunked: true, chunk: long(3).chunk })
  })
})

describe('stagesOf', () => {
  it('has four dispatches a step for shallow models, and two more a hidden layer of the deepest', () => {
    const count = (of: typeof models) => {
      const { forward, back } = stagesOf(planOf(of, 49))
      return forward.length + 1 + back.length + 1
    }
    expect(count([models[0], models[2]] as typeof models)).toBe(4)
    expect(count(models)).toBe(8)
  })
})

describe('tilesOf', () => {
  it.each(['forward', 'output', 'back', 'update'] as const)('covers every weight once for %s', (kernel) => {
    const layers = planOf(models, 49).layers.flat()
    const { R4, C4 } = tileShapes[kernel]
    const words = tilesOf(kernel, layers)
    const seen = new Map<number, number>()
    for (let at = 0; at < words.length; at += TILE_WORDS) {
      const [weights, row4, column4] = [words[at + 7], words[at + 13], words[at + 14]] as [number, number, number]
      const [inputs4, outputs4] = [words[at + 1], words[at + 2]] as [number, number]
      const rows = kernel === 'update' ? Math.min(R4, inputs4 - row4) : 1
      const width = kernel === 'back' ? inputs4 : outputs4
      seen.set(weights, (seen.get(weights) ?? 0) + rows * Math.min(C4, width - column4))
    }
    for (const { weights, inputs4, outputs4 } of layers) {
      const expected = { forward: outputs4, output: outputs4, back: inputs4, update: inputs4 * outputs4 }
      expect(seen.get(weights)).toBe(expected[kernel])
    }
  })

  it('keeps within what every GPU has', () => {
    for (const { R4, C4, KS, KB } of Object.values(tileShapes)) {
      expect(R4 * C4 * KS).toBeLessThanOrEqual(256)
      expect(16 * Math.max((R4 + C4) * (KB + 1), 4 * R4 * C4 * KS)).toBeLessThanOrEqual(16_384)
      expect(KB % 4).toBe(0)
    }
  })
})

describe('packStates', () => {
  it('is undone by unpackStates', () => {
    const states = models.map((config, index) => {
      const state = { ...initialState(config), step: 5 + index }
      state.slots.forEach((tensors, slot) => tensors.forEach((tensor) => tensor.fill(slot + 0.5)))
      return state
    })
    const plan = planOf(models, 49)
    expect(unpackStates(plan, packStates(plan, states), [5, 6, 7])).toEqual(states)
  })
})

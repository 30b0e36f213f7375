// How long measuring takes and what it counts, on a clock that only the engine moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { presets } from '@shared/experiment'
import type { Dataset } from '../../../src/main/data/dataset'
import type { Training } from '../../../src/main/trainer/engine'
import { createCallLength } from '../../../src/main/trainer/engines/call-length'
import { measure } from '../../../src/main/trainer/measure'

let now: number
/** Batches of each call of `steps`, and what else was called. */
let calls: (number | string)[]
beforeEach(() => {
  now = 0
  calls = []
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

const images = { pixels: new Uint8Array(0), count: 0 }
const dataset = { train: images, test: images } as unknown as Dataset
const { batchSize } = presets.article

/** An engine that needs so many milliseconds to open, for its first step, for each later one, for its first call of eight, and for eight steps at once. */
function measured(
  speed: { open: number; first: number; step: number; compile?: number; eight?: number },
  budgetMilliseconds?: number
) {
  const callLength = createCallLength(80)
  const training: Partial<Training> = {
    get stepsPerCall() {
      return Math.min(8, callLength.stepsPerCall)
    },
    load: async () => undefined,
    async steps(order) {
      const [asked, batches] = [now, Math.ceil(order.length / batchSize)]
      now += calls.length === 0 ? speed.first : batches === 8 && speed.eight ? speed.eight : batches * speed.step
      if (batches === 8 && !calls.includes(8)) now += speed.compile ?? 0
      calls.push(batches)
      callLength.ended(asked, batches)
      return new Float32Array()
    },
    async evaluate() {
      now += 250
      calls.push('evaluate')
      return { bce: [], mse: [] }
    },
    close: async () => void calls.push('close')
  }
  const open = async () => {
    now += speed.open
    return training as Training
  }
  return measure(presets.article, { dataset, device: 'cpu', threads: 1, open, budgetMilliseconds })
}

test('without a budget: steps for 0.7 s, and an evaluation', async () => {
  const measurement = await measured({ open: 300, first: 20, step: 10 })
  expect(measurement).toMatchObject({ millisecondsPerStep: 10, evaluationSeconds: 0.25, preparationSeconds: 0.32 })
  expect(calls.slice(0, 6)).toEqual([1, 1, 2, 4, 8, 8])
  expect(now).toBeGreaterThanOrEqual(320 + 700 + 250)
  expect(now).toBeLessThan(320 + 700 + 250 + 8 * 10)
})

test('within a budget: steps alone, and no longer than it lasts', async () => {
  const measurement = await measured({ open: 100, first: 20, step: 10 }, 500)
  expect(measurement).toMatchObject({ millisecondsPerStep: 10, evaluationSeconds: 0 })
  expect(now).toBeGreaterThanOrEqual(500)
  expect(now).toBeLessThan(500 + 8 * 10)
  expect(calls).not.toContain('evaluate')
})

test('a device that prepares for long is measured all the same, its first step left out', async () => {
  expect(await measured({ open: 2000, first: 900, step: 1 }, 500)).toMatchObject({ millisecondsPerStep: 1 })
  expect(now).toBeLessThan(2900 + 100 + 8)
})

test('a slow one is known after a single step', async () => {
  expect(await measured({ open: 100, first: 900, step: 800 }, 500)).toMatchObject({ millisecondsPerStep: 800 })
  expect(calls).toEqual([1, 1, 'close'])
})

test('one that takes many steps in one run is measured as it trains', async () => {
  expect(await measured({ open: 100, first: 20, step: 5, eight: 8 }, 500)).toMatchObject({ millisecondsPerStep: 1 })
})

test('what a longer call compiles is not counted, even where it outlasts the budget', async () => {
  const { millisecondsPerStep } = await measured({ open: 100, first: 20, step: 2, compile: 600 }, 500)
  expect(millisecondsPerStep).toBe(2)
  expect(calls.slice(-3)).toEqual([8, 8, 'close'])
})

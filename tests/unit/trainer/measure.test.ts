// How long measuring takes and what it counts, on a clock that only the engine moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { presets } from '@shared/experiment'
import type { Dataset } from '../../../src/main/data/dataset'
import type { EngineSession } from '../../../src/main/trainer/engines/engine'
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

const images = { pixels: new Uint8Array(0), labels: new Uint8Array(0), count: 0, size: 784 }
const dataset = { train: images, test: images } as unknown as Dataset

/** An engine that needs so many milliseconds to open, for its first step, for each later one. */
function measured(speed: { open: number; first: number; step: number }, budgetMilliseconds?: number) {
  const session = {
    load: async () => undefined,
    async steps(order: Int32Array) {
      const batches = Math.ceil(order.length / (presets.article.base.batchSize ?? 1))
      const milliseconds = calls.length === 0 ? speed.first : batches * speed.step
      now += milliseconds
      calls.push(batches)
      return { losses: new Float32Array(), milliseconds }
    },
    async forward() {
      now += 250
      calls.push('forward')
      return { bce: [], mse: [] }
    },
    close: async () => void calls.push('close')
  } as unknown as EngineSession
  const open = async () => {
    now += speed.open
    return session
  }
  return measure(presets.article, {
    dataset,
    device: 'cpu',
    threads: 1,
    open,
    now: () => performance.now(),
    budgetMilliseconds
  })
}

test('without a budget: steps for 0.7 s in calls ever longer, and an evaluation', async () => {
  const measurement = await measured({ open: 300, first: 20, step: 10 })
  expect(measurement).toEqual({ millisecondsPerStep: 10, evaluationSeconds: 0.25, preparationSeconds: 0.32 })
  expect(calls).toEqual([1, 1, 2, 4, 8, 16, 32, 64, 'forward', 'close'])
})

test('within a budget: steps alone, and no new call once it is spent', async () => {
  const measurement = await measured({ open: 100, first: 20, step: 10 }, 500)
  expect(measurement).toMatchObject({ millisecondsPerStep: 10, evaluationSeconds: 0 })
  expect(calls).toEqual([1, 1, 2, 4, 8, 16, 32, 'close'])
})

test('a device that prepares for long is measured all the same, its first step left out', async () => {
  expect(await measured({ open: 2000, first: 900, step: 1 }, 500)).toMatchObject({ millisecondsPerStep: 1 })
  expect(now).toBeLessThan(2900 + 2 * 128)
})

test('a slow one is known after a single step', async () => {
  expect(await measured({ open: 100, first: 900, step: 800 }, 500)).toMatchObject({ millisecondsPerStep: 800 })
  expect(calls).toEqual([1, 1, 'close'])
})

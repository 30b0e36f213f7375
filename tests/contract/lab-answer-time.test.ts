// Pause, resume and stop are answered, and obeyed by the engine, within 100 ms while six models train in large batches.
import { resolve } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { modelsOf, presets, type Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import { datasetNamed } from '../../src/main/data/dataset'
import { availableThreads } from '../../src/main/system/processor'
import { createEngines } from '../../src/main/trainer/engines'
import { initialState } from '../../src/main/trainer/initial-state'
import { makeHome, nextEvent, nextState, openLab } from '../fixtures/lab'

const built = (name: string) => resolve(__dirname, '../../out/main', name)
const devices = ['cpu', 'tensorflow-cpu']
const MOST_MILLISECONDS = 100

const { engineOf } = createEngines({ tensorflowWorker: built('tensorflow-worker.js') })

const withBatches = (batchSize: number): Experiment => ({
  ...presets.article,
  base: { ...presets.article.base, batchSize }
})

/** The engine of that device; skips the test where it can't be used. */
async function engineOn(device: string, { skip }: TestContext) {
  const engine = engineOf(device)
  const found = (await engine?.devices())?.find(({ name }) => name === device)
  if (!engine || !found?.usable) return skip(`${device}: ${found?.detail} ${found?.remedy}`)
  return engine
}

/** One answer may be late on a machine that does other things too. */
function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

test.for(devices)('pause, resume and stop are answered while %s trains', async (device, context) => {
  await engineOn(device, context)
  const home = await makeHome()
  const lab = openLab(home, built('trainer.js'))
  const timed = async (ask: () => Promise<void>, answer: Promise<unknown>) => {
    const began = performance.now()
    await ask()
    await answer
    return performance.now() - began
  }
  try {
    const id = await lab.calls.startRun(withBatches(256), device)
    await nextEvent(lab, 'stepProgress')
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      times.push(await timed(() => lab.calls.pauseRun(id), nextState(lab, id, 'paused')))
      times.push(await timed(() => lab.calls.resumeRun(id), nextState(lab, id, 'running')))
      await nextEvent(lab, 'stepProgress')
    }
    expect(median(times), times.join(' ')).toBeLessThanOrEqual(MOST_MILLISECONDS)
    const stop = await timed(() => lab.calls.stopRun(id), nextState(lab, id, 'stopping'))
    expect(stop).toBeLessThanOrEqual(MOST_MILLISECONDS)
  } finally {
    await lab.close()
    await home.remove()
  }
})

/** A batch of this size takes longer than the answer may; TensorFlow, which can't undo one, is not asked to. */
const LARGE_BATCH = 8192

test.for([
  ['cpu', 256],
  ['cpu', LARGE_BATCH],
  ['tensorflow-cpu', 256]
] as const)('an interruption of %s in batches of %i is obeyed', async ([device, batchSize], context) => {
  const engine = await engineOn(device, context)
  const dataset = datasetNamed('mnist')
  const { train } = await dataset.load(dataset.folder())
  const models = modelsOf(withBatches(batchSize), train.size)
  const session = await engine.open({ models, train, device, threads: availableThreads() })
  try {
    await session.load(models.map(initialState))
    const order = shuffle(1, 1, train.count)
    const times: number[] = []
    for (let call = 0; call < 5; call++) {
      const interruption = new AbortController()
      let asked = 0
      setTimeout(() => {
        asked = performance.now()
        interruption.abort()
      }, 150)
      const { losses } = await session.steps(order, interruption.signal)
      times.push(performance.now() - asked)
      expect(losses.length).toBeLessThan(Math.ceil(train.count / batchSize) * models.length)
      expect(losses.length % models.length).toBe(0)
    }
    expect(median(times), times.join(' ')).toBeLessThanOrEqual(MOST_MILLISECONDS)
  } finally {
    await session.close()
  }
})

// Pause, resume and stop are answered, and obeyed by the engine, within 100 ms while six models train in large batches.
import { resolve } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { engineNames, presets, type EngineName, type Experiment } from '@shared/experiment'
import { shuffle } from '@shared/random'
import { loadDataset } from '../../src/main/data/dataset'
import { mnistFolder } from '../../src/main/data/mnist'
import { availableThreads } from '../../src/main/system/processor'
import { createEngines } from '../../src/main/trainer/engines'
import { initialState } from '../../src/main/trainer/initialize'
import { modelSpecs } from '../../src/main/trainer/model-specs'
import { makeHome, nextEvent, nextState, openLab } from '../fixtures/lab'

const built = (name: string) => resolve(__dirname, '../../out/main', name)
const experiment: Experiment = { ...presets.article, batchSize: 256 }
const MOST_MILLISECONDS = 100

const engines = createEngines({
  onnxruntimeWorker: built('onnxruntime-worker.js'),
  tensorflowWorker: built('tensorflow-worker.js')
})

/** The engine of that name; skips the test where it has no usable CPU. */
async function engineWithCpu(name: EngineName, { skip }: TestContext) {
  const engine = engines.find((one) => one.name === name)
  const cpu = (await engine?.devices())?.find((device) => device.name === 'cpu')
  if (!engine || !cpu?.usable) return skip(`${name} on cpu: ${cpu?.detail}. ${cpu?.remedy}`)
  return engine
}

/** One answer may be late on a machine that does other things too. */
function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

test.for(engineNames)('pause, resume and stop are answered while %s trains', async (name, context) => {
  await engineWithCpu(name, context)
  const home = await makeHome()
  const lab = openLab(home, built('trainer.js'))
  const timed = async (ask: () => Promise<void>, answer: Promise<unknown>) => {
    const began = performance.now()
    await ask()
    await answer
    return performance.now() - began
  }
  try {
    const id = await lab.calls.startRun(experiment, name, 'cpu')
    await nextEvent(lab, 'stepProgress')
    const times: number[] = []
    for (let turn = 0; turn < 5; turn++) {
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

test.for(engineNames)('the calls of %s, between which they are obeyed, are short', async (name, context) => {
  const engine = await engineWithCpu(name, context)
  const { train, test: testImages } = await loadDataset(mnistFolder())
  const models = modelSpecs(experiment)
  const { batchSize, learningRate, seed } = experiment
  const job = { models, batchSize, learningRate, train, test: testImages, device: 'cpu', threads: availableThreads() }
  const training = await engine.open(job)
  try {
    await training.load(models.map((model) => initialState(model, seed)))
    const order = shuffle(seed, 1, train.count)
    const times: number[] = []
    for (let call = 0; call < 21; call++) {
      const began = performance.now()
      await training.steps(order.subarray(0, training.stepsPerCall * batchSize))
      times.push(performance.now() - began)
    }
    expect(median(times), times.join(' ')).toBeLessThanOrEqual(MOST_MILLISECONDS)
  } finally {
    await training.close()
  }
})

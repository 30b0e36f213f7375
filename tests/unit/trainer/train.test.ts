import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { MEGABYTE } from '@shared/memory-budget'
import { loadDataset } from '../../../src/main/data/dataset'
import { mnistFolder } from '../../../src/main/data/mnist'
import { createControl, type Control } from '../../../src/main/trainer/control'
import type { Training } from '../../../src/main/trainer/engine'
import { createOnnxruntimeEngine } from '../../../src/main/trainer/engines/onnxruntime/engine'
import type { TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'
import { train } from '../../../src/main/trainer/train'
import { makeHome } from '../../fixtures/lab'

const experiment = {
  ...presets['keras-blog'],
  varied: { hyperparameter: 'latentDim' as const, values: [2] },
  trainLimit: 1024,
  batchSize: 64,
  epochs: 3
}
const device = { engine: 'onnxruntime' as const, name: 'cpu', title: 'CPU', usable: true, detail: '' }
let home: Awaited<ReturnType<typeof makeHome>>
let control: Control

beforeEach(async () => {
  home = await makeHome()
  control = createControl()
})
afterEach(() => home.remove())

/** Trains on the real engine; `calls` is what was asked of it, and when the answer to `steps` came. */
async function run(checkpoint: string, hear: (event: TrainerEvent) => void) {
  const engine = createOnnxruntimeEngine('here')
  const calls: string[] = []
  const noting = (training: Training): Training => ({
    ...training,
    get stepsPerCall() {
      return 4
    },
    steps(order) {
      calls.push('steps')
      return training.steps(order).finally(() => calls.push('answered'))
    },
    evaluate() {
      calls.push('evaluate')
      return training.evaluate()
    },
    save() {
      calls.push('save')
      return training.save()
    }
  })
  const job: TrainJob = {
    id: 'run',
    experiment,
    engine: 'onnxruntime',
    device: 'cpu',
    dataFolder: mnistFolder(),
    checkpoint,
    cacheFolder: home.folder,
    continues: false,
    memoryBudget: 1000
  }
  const end = train(job, {
    dataset: await loadDataset(mnistFolder()),
    open: async (wanted) => {
      calls.push(`open within ${wanted.memoryBudget}`)
      return noting(await engine.open(wanted))
    },
    control,
    send: hear,
    pcaMse: async () => null,
    device: { ...device, remedy: '', driver: '', runtimeVersion: '' },
    threads: 1
  })
  return { calls, end }
}

describe('train', () => {
  it('asks for an epoch’s validation and state before its last steps are answered, and for the next steps after them', async () => {
    const heard: TrainerEvent['type'][] = []
    const { calls, end } = await run(join(home.folder, 'checkpoint'), (event) => {
      heard.push(event.type)
      if (event.type === 'epochEnded') control.recorded(event.epoch)
    })
    expect(await end).toMatchObject({ type: 'ended', status: 'finished' })
    expect(calls[0]).toBe(`open within ${1000 * MEGABYTE}`)
    const first = calls.indexOf('evaluate')
    expect(calls.slice(0, first).filter((call) => call === 'steps')).toHaveLength(4)
    expect(calls.slice(0, first).filter((call) => call === 'answered').length).toBeLessThan(4)
    expect(calls[first + 1]).toBe('save')
    expect(calls.filter((call) => call === 'evaluate')).toHaveLength(experiment.epochs)
    expect(heard[heard.length - 1]).toBe('finishing')
  })

  it('ends with what kept an epoch from being saved, and tells of nothing after it', async () => {
    const heard: TrainerEvent['type'][] = []
    const { end } = await run(join(home.folder, 'missing', 'checkpoint'), ({ type }) => heard.push(type))
    await expect(end).rejects.toMatchObject({ kind: 'not-writable' })
    const told = heard.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(heard).not.toContain('epochEnded')
    expect(heard).toHaveLength(told)
  })

  it('never has a checkpoint two epochs ahead of what is recorded', async () => {
    const path = join(home.folder, 'checkpoint')
    const heard: number[] = []
    const { calls, end } = await run(path, (event) => {
      if (event.type === 'epochEnded') heard.push(event.epoch)
    })
    while (calls.filter((call) => call === 'evaluate').length < 2)
      await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(heard).toEqual([1])
    const before = await readFile(path)
    control.stop()
    expect(await end).toMatchObject({ status: 'stopped' })
    expect((await readFile(path)).equals(before)).toBe(true)
  })
})

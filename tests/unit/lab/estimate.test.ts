// What an estimate is made of: a measurement of the first batch group, and the cost of the others beside it.
import { describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { presets, type Experiment } from '@shared/experiment'
import { mnistInfo } from '../../../src/main/data/mnist'
import { createEstimator } from '../../../src/main/lab/estimate'
import type { Measurement } from '../../../src/main/trainer/messages'

const base: Experiment['base'] = { ...presets.article.base, batchSize: 100, epochs: 10, trainLimit: 1000 }
const widths: Experiment = { ...presets.article, base, varied: { key: 'latentDim', values: [2, 8] } }
const varying = (key: Experiment['varied']['key'], values: Experiment['varied']['values']): Experiment => {
  const { [key]: _, ...others } = { ...base, latentDim: 8 }
  return { ...presets.article, base: others, varied: { key, values } }
}

interface Scene {
  measured?: Measurement | LabError
  running?: { experiment: Experiment; millisecondsPerStep: number | null } | null
}

function open({
  measured = { millisecondsPerStep: 2, evaluationSeconds: 0.5, preparationSeconds: 1 },
  running = null
}: Scene) {
  const scene = { measured, running }
  const asked: string[] = []
  const estimator = createEstimator({
    async measure(_experiment, device) {
      asked.push(device)
      if (scene.measured instanceof LabError) throw scene.measured
      return scene.measured
    },
    datasetOf: () => mnistInfo,
    running: () => scene.running
  })
  return { ...estimator, scene, asked }
}

describe('a measured estimate', () => {
  test('of one batch group: its steps, an evaluation an epoch and one at the end', async () => {
    const { estimate } = open({})
    expect(await estimate(widths, 'cpu')).toMatchObject({
      millisecondsPerStep: 2,
      steps: 100,
      seconds: 1 + (100 * 2) / 1000 + 11 * 0.5
    })
  })

  test('of several seeds: a group of each, as long as the first', async () => {
    const { estimate } = open({})
    expect(await estimate({ ...widths, seeds: [1, 2, 3] }, 'cpu')).toMatchObject({
      steps: 300,
      seconds: expect.closeTo(1 + 3 * ((100 * 2) / 1000 + 11 * 0.5), 9) as number
    })
  })

  test('of several batch sizes: a step costs by its images, so that an epoch costs the same', async () => {
    const { estimate } = open({})
    expect(await estimate(varying('batchSize', [100, 200]), 'cpu')).toMatchObject({
      steps: 10 * (10 + 5),
      seconds: expect.closeTo(1 + 2 * ((100 * 2) / 1000 + 11 * 0.5), 9) as number
    })
  })

  test('of several lengths: each for its own epochs', async () => {
    const { estimate } = open({})
    expect(await estimate(varying('epochs', [4, 10]), 'cpu')).toMatchObject({
      steps: 10 * (4 + 10),
      seconds: expect.closeTo(1 + (14 * 10 * 2) / 1000 + (5 + 11) * 0.5, 9) as number
    })
  })

  test('the last, smaller batch of an epoch is a step', async () => {
    const { estimate } = open({})
    const one = varying('latentDim', [8])
    expect((await estimate({ ...one, base: { ...one.base, trainLimit: 1001 } }, 'cpu')).steps).toBe(110)
  })

  test('is measured once for an experiment and device, whatever its name', async () => {
    const { estimate, asked } = open({})
    await Promise.all([estimate(widths, 'cpu'), estimate({ ...widths, name: 'Other', preset: 'article' }, 'cpu')])
    await estimate(widths, 'webgpu')
    await estimate({ ...widths, seeds: [2] }, 'cpu')
    expect(asked).toEqual(['cpu', 'webgpu', 'cpu'])
  })

  test('one that failed is measured again', async () => {
    const { estimate, scene, asked } = open({ measured: new LabError('device-lost', 'It was lost') })
    await expect(estimate(widths, 'cpu')).rejects.toThrow('It was lost')
    scene.measured = { millisecondsPerStep: 1, evaluationSeconds: 0, preparationSeconds: 0 }
    expect((await estimate(widths, 'cpu')).seconds).toBeCloseTo(0.1, 9)
    expect(asked).toHaveLength(2)
  })
})

describe('while a run trains', () => {
  test('its pace is stretched by the cost of a step; nothing is measured', async () => {
    const { estimate, scene, asked } = open({ running: { experiment: widths, millisecondsPerStep: 3 } })
    expect((await estimate(widths, 'cpu')).millisecondsPerStep).toBe(3)
    const twice = await estimate({ ...widths, base: { ...base, batchSize: 200 } }, 'cpu')
    expect(twice.millisecondsPerStep).toBe(6)
    expect(asked).toEqual([])
    scene.running = { experiment: widths, millisecondsPerStep: null }
    await expect(estimate(widths, 'cpu')).rejects.toMatchObject({ kind: 'busy' })
  })

  test('before its pace is known, the last measurement serves', async () => {
    const { estimate, scene } = open({})
    await estimate(widths, 'cpu')
    scene.running = { experiment: widths, millisecondsPerStep: null }
    const { millisecondsPerStep, seconds } = await estimate({ ...widths, seeds: [7] }, 'cpu')
    expect([millisecondsPerStep, seconds]).toEqual([2, 1 + 0.2 + 5.5])
  })

  test('one that began while it was measured ends the measuring, not the estimate', async () => {
    const { estimate, scene } = open({})
    await estimate(widths, 'cpu')
    scene.measured = new LabError('busy', 'The trainer is at work on a run')
    expect((await estimate({ ...widths, seeds: [7] }, 'cpu')).millisecondsPerStep).toBe(2)
  })
})

// What an estimate is made of: a measurement of the first batch group, and the cost of the others beside it.
import { describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { presets, type Experiment } from '@shared/experiment'
import { mnistInfo } from '../../../src/main/data/mnist'
import { createEstimator, type RunAtWork } from '../../../src/main/lab/estimate'
import type { Measurement } from '../../../src/main/trainer/messages'

const base: Experiment['base'] = { ...presets.article.base, batchSize: 100, epochs: 10, trainLimit: 1000 }
const widths: Experiment = { ...presets.article, base, varied: { key: 'latentDim', values: [2, 8] } }
const varying = (key: Experiment['varied']['key'], values: Experiment['varied']['values']): Experiment => {
  const { [key]: _, ...others } = { ...base, latentDim: 8 }
  return { ...presets.article, base: others, varied: { key, values } }
}

interface Scene {
  measured?: Measurement | LabError
  running?: RunAtWork | undefined
}

/** A run on the CPU with the pace that its progress says; null: none yet. */
function atWork(experiment: Experiment, secondsPerEpoch: number | null, epoch = 1): RunAtWork {
  const progress = { id: 'a', epoch, step: 1, stepsPerEpoch: 10, partialTrainLoss: [], secondsLeft: 1 }
  return {
    file: { experiment, device: 'cpu' },
    progress: secondsPerEpoch === null ? null : { ...progress, secondsPerEpoch }
  }
}

function open({
  measured = { millisecondsPerStep: 2, evaluationSeconds: 0.5, preparationSeconds: 1 },
  running = undefined
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
    planWeights: async () => ({ every: 3, sha256: [], problem: null }),
    running: () => scene.running
  })
  return { ...estimator, scene, asked }
}

describe('after a run', () => {
  const ended = (experiment: Experiment, epochSeconds: number[], firstEpoch = 1) => {
    const segment = { device: 'cpu', title: 'CPU', hardware: '', firstEpoch, why: '', error: null }
    return {
      experiment,
      dataset: mnistInfo,
      device: 'cpu',
      segments: [
        { ...segment, firstEpoch: 1 },
        { ...segment, firstEpoch }
      ],
      epochSeconds
    }
  }

  test('of the same models, an estimate is by its pace, whatever the epochs, and says so', async () => {
    const { estimate, learn, asked } = open({})
    const trial = await estimate(widths, 'cpu')
    expect([trial.source, Date.now() - Date.parse(trial.measuredAt) < 60_000]).toEqual(['trial', true])
    learn(ended(widths, [5, 5.4, 5.8]))
    const longer = { ...widths, base: { ...base, epochs: 20 } }
    for (const [experiment, seconds] of [
      [widths, 1 + 10 * 0.4],
      [longer, 1 + 20 * 0.4]
    ] as const)
      expect(await estimate(experiment, 'cpu')).toMatchObject({
        source: 'training',
        millisecondsPerStep: expect.closeTo(40, 9) as number,
        seconds: expect.closeTo(seconds, 9) as number
      })
    expect(asked).toEqual(['cpu'])
  })

  test('of other models or on another device, it is tried as before', async () => {
    const { estimate, learn } = open({})
    learn(ended(widths, [5, 5.4, 5.8]))
    const others: [Experiment, string][] = [
      [{ ...widths, base: { ...base, batchSize: 50 } }, 'cpu'],
      [{ ...widths, seeds: [1, 2] }, 'cpu'],
      [widths, 'webgpu']
    ]
    for (const [experiment, device] of others) expect((await estimate(experiment, device)).source).toBe('trial')
  })

  test('that has trained one epoch here, nothing is learned', async () => {
    const { estimate, learn } = open({})
    learn(ended(widths, [5, 5.4], 2))
    learn(ended(widths, []))
    expect((await estimate(widths, 'cpu')).source).toBe('trial')
  })
})

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
    const { estimate, scene, asked } = open({ running: atWork(widths, 0.03) }) // 10 steps an epoch
    expect((await estimate(widths, 'cpu')).millisecondsPerStep).toBeCloseTo(3, 9)
    const twice = await estimate({ ...widths, base: { ...base, batchSize: 200 } }, 'cpu')
    expect(twice.millisecondsPerStep).toBeCloseTo(6, 9)
    expect(asked).toEqual([])
    scene.running = atWork(widths, null)
    await expect(estimate(widths, 'cpu')).rejects.toMatchObject({ kind: 'busy' })
  })

  test('its pace holds its evaluations, which are not counted again', async () => {
    const { estimate, scene } = open({})
    await estimate({ ...widths, seeds: [9] }, 'cpu') // an evaluation takes half a second, the preparation one
    scene.running = atWork(widths, 2)
    expect((await estimate(widths, 'cpu')).seconds).toBeCloseTo(1 + 10 * 2, 9)
  })

  test('its pace is that of all its batch groups', async () => {
    const batches = varying('batchSize', [100, 200])
    const { estimate, scene } = open({ running: atWork(batches, 2) }) // an epoch of each takes a second
    expect((await estimate(batches, 'cpu')).seconds).toBeCloseTo(10 * 2, 9)
    expect((await estimate(varying('batchSize', [100]), 'cpu')).seconds).toBeCloseTo(10, 9)
    scene.running = atWork(varying('epochs', [4, 10]), 1, 5) // the shorter one has ended
    expect((await estimate(varying('latentDim', [8]), 'cpu')).seconds).toBeCloseTo(10, 9)
  })

  test('it says nothing of another device', async () => {
    const { estimate, scene } = open({ running: atWork(widths, 2) })
    const refused = expect(estimate(widths, 'webgpu')).rejects
    await refused.toThrow(
      'The speed of webgpu can’t be measured while a run trains. It is measured when the training under way has ended.'
    )
    scene.running = undefined
    await estimate({ ...widths, seeds: [7] }, 'webgpu')
    scene.running = atWork(widths, 2)
    expect((await estimate(widths, 'webgpu')).millisecondsPerStep).toBe(2)
  })

  test('before its pace is known, the last measurement of the device serves', async () => {
    const { estimate, scene } = open({})
    await estimate(widths, 'cpu')
    scene.measured = { millisecondsPerStep: 9, evaluationSeconds: 9, preparationSeconds: 9 }
    await estimate(widths, 'webgpu')
    scene.running = atWork(widths, null)
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

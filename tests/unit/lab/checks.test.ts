// What the lab refuses before anything is made: an experiment that does not fit its data set or this machine.
import { describe, expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { presets, type Experiment } from '@shared/experiment'
import { mnistInfo } from '../../../src/main/data/mnist'
import { checkDigitBytes, checkEpochRange, checkExperiment, checkFits, checkMemory } from '../../../src/main/lab/checks'
import { fixtureRun } from '../../fixtures/run-file'
import { memoryOf } from '../../../src/main/lab/memory-estimate'
import { availableMemory } from '../../../src/main/system/available-memory'

const { article } = presets
const varying = (key: Experiment['varied']['key'], values: Experiment['varied']['values']): Experiment => {
  const { [key]: _, ...base } = { ...article.base, latentDim: 16 }
  return { ...article, base, varied: { key, values } }
}

function refusalOf(check: () => unknown): LabError['data'] {
  try {
    check()
  } catch (error) {
    if (error instanceof LabError) return error.data
    throw error
  }
  throw new Error('was accepted')
}

describe('an experiment', () => {
  test('that fits comes back as the schema has it', () => {
    expect(checkExperiment(article, mnistInfo)).toEqual(article)
    expect(checkExperiment({ ...article, name: ' trimmed ' }, mnistInfo).name).toBe('trimmed')
    expect(() => checkExperiment(varying('latentDim', [784]), mnistInfo)).not.toThrow()
  })

  test.each<[string, Experiment, string, string, string]>([
    [
      'a code of more units than an image has pixels',
      varying('latentDim', [2, 785]),
      'latent dimension',
      '785',
      'a whole number from 1 to 784'
    ],
    [
      'the same where something else is varied',
      { ...varying('epochs', [1, 2]), base: { ...varying('epochs', [1]).base, latentDim: 4096 } },
      'latent dimension',
      '4096',
      'a whole number from 1 to 784'
    ],
    [
      'more images than there are',
      { ...article, base: { ...article.base, trainLimit: 60_001 } },
      'training images',
      '60001',
      'a whole number from 1 to 60,000'
    ]
  ])('with %s is refused with the range', (_, experiment, name, found, expected) => {
    const problem = `The experiment can’t be run with its ${name}`
    expect(refusalOf(() => checkExperiment(experiment, mnistInfo))).toEqual({
      kind: 'bad-value',
      problem,
      found,
      expected,
      remedy: ''
    })
  })

  test('that is none is refused in the words of its schema', () => {
    expect(refusalOf(() => checkExperiment({ ...article, seeds: [] }, mnistInfo))).toMatchObject({
      kind: 'bad-value',
      problem: 'The experiment can’t be run with its seeds',
      found: '[]'
    })
    expect(refusalOf(() => checkExperiment(null as never, mnistInfo)).kind).toBe('bad-value')
  })

  test('that this machine can’t hold is refused with the figure', () => {
    const seeds = Array.from({ length: 64 }, (_, seed) => seed)
    const huge = { ...varying('hidden', [[4096, 4096, 4096, 4096]]), seeds }
    expect(() => checkFits(article, 'webgpu', mnistInfo)).not.toThrow()
    const needed = memoryOf(huge, 'cpu', mnistInfo)
    if (needed <= availableMemory() / 2) return expect(() => checkFits(huge, 'cpu', mnistInfo)).not.toThrow()
    expect(refusalOf(() => checkFits(huge, 'cpu', mnistInfo))).toMatchObject({
      kind: 'out-of-memory',
      found: `an estimate of ${Math.round(needed / 1e9)} GB`
    })
  })
})

describe('memory', () => {
  const of = (experiment: Experiment, device = 'cpu') => memoryOf(experiment, device, mnistInfo)

  test('up to half of what there is may be taken, a byte more is refused', () => {
    expect(() => checkMemory(4e9, 8e9)).not.toThrow()
    expect(refusalOf(() => checkMemory(4e9 + 1, 8e9))).toEqual({
      kind: 'out-of-memory',
      problem: 'The experiment would take more than half of this machine’s memory',
      found: 'an estimate of 4 GB',
      expected: 'at most 4 GB',
      remedy: 'Choose fewer or smaller models'
    })
    expect(refusalOf(() => checkMemory(12.34e9, 8e9))).toMatchObject({ found: 'an estimate of 12 GB' })
  })

  test('an estimate grows with models, widths, layers and seeds, not with the batch', () => {
    expect(of(article)).toBeGreaterThan(mnistInfo.trainCount * 784)
    expect(of(article)).toBeLessThan(400e6)
    const widened = [varying('latentDim', [2]), varying('latentDim', [2, 8]), varying('latentDim', [2, 784])].map(
      (one) => of(one)
    )
    expect(widened).toEqual([...widened].sort((a, b) => a - b))
    expect(new Set(widened).size).toBe(3)
    expect(of({ ...article, seeds: [1, 2, 3] }) - of(article)).toBeCloseTo(
      2 * (of({ ...article, seeds: [1, 2] }) - of(article)),
      0
    )
    expect(of(varying('hidden', [[512]]))).toBeGreaterThan(of(varying('hidden', [[]])))
    expect(of({ ...article, base: { ...article.base, batchSize: 60_000 } })).toBe(of(article))
  })

  test('each batch group has a session, which has the images for itself twice with WebGPU', () => {
    const epochs = varying('epochs', [1, 2, 3]) // a group each
    const rates = varying('learningRate', [0.1, 0.2, 0.3]) // the same models in one
    expect(of(epochs) - of(rates)).toBeGreaterThan(2 * 15e6)
    const images = (mnistInfo.trainCount + mnistInfo.testCount) * 784
    expect(of(epochs, 'webgpu:Radeon') - of(epochs)).toBe(3 * 2 * images)
    expect(of(epochs, 'tensorflow-cpu')).toBe(of(epochs))
  })

  test('reconstructions of the largest group lie there twice while its quality is measured', () => {
    const rates = varying(
      'learningRate',
      Array.from({ length: 128 }, (_, n) => (n + 1) / 1000)
    )
    expect(of(rates)).toBeGreaterThan(2 * 500 * 784 * 128 * 4)
  })
})

test('the digits of a hundred epochs are read at once, not of more', () => {
  expect(() => checkEpochRange(5, 104)).not.toThrow()
  expect(refusalOf(() => checkEpochRange(5, 105))).toMatchObject({
    problem: 'The reconstructions of more than 100 epochs can’t be read at once',
    found: '101',
    expected: 'at most 100'
  })
})

test('digits of 32 MiB are read at once, not of more; epochs that are not there yet don’t count', () => {
  const run = fixtureRun({ latentDims: Array.from({ length: 128 }, (_, index) => index + 1), epochsDone: 20 })
  expect(() => checkDigitBytes(run, 1, 16)).not.toThrow()
  expect(() => checkDigitBytes(run, 5, 100)).not.toThrow()
  expect(refusalOf(() => checkDigitBytes(run, 1, 17))).toMatchObject({
    found: '17 epochs of 128 models',
    expected: 'at most 16 epochs of this run'
  })
  expect(() => checkDigitBytes(fixtureRun({ epochs: 100 }), 1, 100)).not.toThrow()
})

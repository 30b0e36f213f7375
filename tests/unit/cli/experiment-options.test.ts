import { expect, it } from 'vitest'
import { experimentOf, runOptions } from '../../../src/main/cli/experiment-options'
import { ExperimentSchema, presets } from '../../../src/shared/experiment'
import * as v from 'valibot'

it('makes the preset itself where nothing else is given, the article where not even that', () => {
  expect(experimentOf({})).toEqual(presets.article)
  expect(experimentOf({ preset: 'keras-blog' })).toEqual(presets['keras-blog'])
})

it('keeps the preset name for another seed or name, not for another recipe', () => {
  expect(experimentOf({ preset: 'keras-blog', seed: 7, name: 'seven' })).toEqual({
    ...presets['keras-blog'],
    seed: 7,
    name: 'seven'
  })
  for (const changed of [
    { dims: [2] },
    { epochs: 3 },
    { batchSize: 64 },
    { activation: 'relu' as const },
    { learningRate: 0.01 },
    { trainLimit: 512 }
  ]) {
    expect(experimentOf(changed).preset).toBe('custom')
  }
})

it('names a run as the window does', () => {
  expect(experimentOf({ dims: [2, 4] }).name).toBe('Article, d = 2 and 4')
  expect(experimentOf({ preset: 'keras-blog', dims: [2] }).name).toBe('Keras blog, d = 2')
  expect(experimentOf({ epochs: 3 }).name).toBe('Article, six dimensions, 3 epochs')
})

it('takes all values, and the schema takes what it makes', () => {
  const experiment = experimentOf({
    preset: 'article',
    dims: runOptions.dims.parse('8, 2,128'),
    epochs: runOptions.epochs.parse('10'),
    batchSize: runOptions.batchSize.parse('1e2'),
    activation: runOptions.activation.parse('linear'),
    learningRate: runOptions.learningRate.parse('5e-4'),
    seed: runOptions.seed.parse('4294967295'),
    trainLimit: runOptions.trainLimit.parse('60000'),
    name: runOptions.name.parse('  a name  ')
  })
  expect(experiment).toEqual({
    name: 'a name',
    preset: 'custom',
    dataset: 'mnist',
    trainLimit: 60000,
    varied: { hyperparameter: 'latentDim', values: [8, 2, 128] },
    activation: 'linear',
    epochs: 10,
    batchSize: 100,
    learningRate: 0.0005,
    seed: 4294967295
  })
  expect(v.safeParse(ExperimentSchema, experiment).success).toBe(true)
})

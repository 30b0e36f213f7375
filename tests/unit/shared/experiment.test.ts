// An experiment as data: what the schema takes, and the models that follow from it.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  codeSizes,
  epochsOf,
  ExperimentSchema,
  lossOf,
  modelsOf,
  MOST_MODELS,
  nameOfModel,
  presets,
  trainImages,
  type Experiment
} from '@shared/experiment'
import type { HyperparameterKey, HyperparameterValue } from '@shared/hyperparameters'
import { codeUnits, parameterCount, tensorNames, tensorShapes } from '@shared/model'
import { initialState } from '../../../src/main/trainer/initial-state'

const PIXELS = 784
const { article } = presets
const all = { ...article.base, latentDim: 16, epochs: 10 }

/** The article's recipe with d = 16 where something else is varied. */
function varying(key: HyperparameterKey, values: HyperparameterValue[], changes: Partial<Experiment> = {}): Experiment {
  const { [key]: _, ...base } = all
  return v.parse(ExperimentSchema, { ...article, preset: 'custom', base, varied: { key, values }, ...changes })
}
const models = (experiment: Experiment) => modelsOf(experiment, PIXELS)
const messageOf = (experiment: unknown) => v.safeParse(ExperimentSchema, experiment).issues?.[0].message

describe('models', () => {
  it('of the article: six, narrowest first, each all that training needs', () => {
    const six = models({ ...article, varied: { key: 'latentDim', values: [128, 2, 8, 64, 16, 32] } })
    expect(six).toEqual(models(article))
    expect(six.map(({ id, label, rank, value }) => [id, label, rank, value])).toEqual(
      [2, 8, 16, 32, 64, 128].map((d, rank) => [`d=${d}`, `d = ${d}`, rank, d])
    )
    const { epochs, batchSize, learningRate } = article.base
    expect(six[2]).toEqual({
      id: 'd=16',
      label: 'd = 16',
      rank: 2,
      value: 16,
      layers: [
        { units: 16, activation: 'tanh' },
        { units: PIXELS, activation: 'sigmoid' }
      ],
      optimizer: 'adam',
      learningRate,
      loss: 'bce',
      batchSize,
      epochs,
      seed: 1,
      initKey: 'd=16'
    })
    expect(codeSizes(article)).toEqual([2, 8, 16, 32, 64, 128])
  })

  it('with hidden layers 784-128-d-128-784', () => {
    const [model] = models(varying('hidden', [[128]]))
    const layers = model?.layers ?? []
    expect(layers).toEqual([
      { units: 128, activation: 'tanh' },
      { units: 16, activation: 'tanh' },
      { units: 128, activation: 'tanh' },
      { units: PIXELS, activation: 'sigmoid' }
    ])
    expect(codeUnits(layers)).toBe(16)
    expect(tensorShapes(layers)).toEqual([[784, 128], [128], [128, 16], [16], [16, 128], [128], [128, 784], [784]])
    expect(tensorNames(layers).filter((name) => name.endsWith('weight'))).toEqual([
      'encoder.0.weight',
      'encoder.1.weight',
      'decoder.0.weight',
      'decoder.1.weight'
    ])
    expect(parameterCount(layers)).toBe(784 * 128 + 128 + 128 * 16 + 16 + 16 * 128 + 128 + 128 * 784 + 784)
  })

  it('of several layers: the decoder mirrors the encoder', () => {
    const [model] = models(varying('hidden', [[512, 128, 64, 32]]))
    expect(model?.layers.map(({ units }) => units)).toEqual([512, 128, 64, 32, 16, 32, 64, 128, 512, PIXELS])
  })

  it('keep the order in which names were given, numbers from the least', () => {
    const ids = (experiment: Experiment) => models(experiment).map(({ id }) => id)
    expect(ids(varying('activation', ['relu', 'tanh', 'linear']))).toEqual([
      'activation=relu',
      'activation=tanh',
      'activation=linear'
    ])
    expect(ids(varying('learningRate', [0.01, 1e-7, 0.001]))).toEqual([
      'learning-rate=1e-7',
      'learning-rate=0.001',
      'learning-rate=0.01'
    ])
    expect(ids(varying('hidden', [[128, 64], [], [256]]))).toEqual(['hidden=128-64', 'hidden=none', 'hidden=256'])
    expect(ids(varying('batchSize', [1000, 64]))).toEqual(['batch-size=64', 'batch-size=1000'])
  })

  it('one a seed of each value; the id has the seed where there are several', () => {
    const two = models(varying('latentDim', [8, 2], { seeds: [7, 8] }))
    expect(two.map(({ id, rank, seed }) => [id, rank, seed])).toEqual([
      ['d=2.seed=7', 0, 7],
      ['d=2.seed=8', 0, 8],
      ['d=8.seed=7', 1, 7],
      ['d=8.seed=8', 1, 8]
    ])
    expect(two.map(({ id }) => nameOfModel(id))).toEqual(['d=2', 'd=2', 'd=8', 'd=8'])
    expect(models(varying('latentDim', [2], { seeds: [3] })).map(({ id }) => id)).toEqual(['d=2'])
  })

  it('have ids of letters, digits and = - . _ alone, each of its own', () => {
    const experiments = [
      varying('hidden', [[], [128], [128, 64]], { seeds: [1, 2] }),
      varying('learningRate', [1e-300, 0.5, 100]),
      varying('batchSize', [1, 2]),
      varying('loss', ['bce', 'mse'], { seeds: [4_294_967_294, 4_294_967_295] })
    ]
    for (const experiment of experiments) {
      const ids = models(experiment).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9=._-]+$/)
    }
  })
})

describe('weights to begin with', () => {
  const weightsOf = (experiment: Experiment) => models(experiment).map((model) => initialState(model).weights)

  it.each<[HyperparameterKey, HyperparameterValue[]]>([
    ['activation', ['relu', 'tanh', 'linear']],
    ['learningRate', [0.1, 0.001]],
    ['loss', ['bce', 'mse']],
    ['batchSize', [16, 128]],
    ['epochs', [1, 5]]
  ])('are the same in models that differ in %s alone', (key, values) => {
    const experiment = varying(key, values)
    expect(new Set(models(experiment).map(({ initKey, seed }) => `${initKey} ${seed}`)).size).toBe(1)
    const [first, ...others] = weightsOf(experiment)
    for (const weights of others) expect(weights).toEqual(first)
  })

  it('are those of the run of a seed alone, and other ones for another seed or another shape', () => {
    const both = models(varying('latentDim', [2, 8], { seeds: [1, 2] }))
    const alone = models(varying('latentDim', [2, 8], { seeds: [2] }))
    const ofSeed2 = both.filter(({ seed }) => seed === 2)
    expect(ofSeed2.map((model) => initialState(model).weights)).toEqual(
      alone.map((model) => initialState(model).weights)
    )
    const [a, b] = both.map((model) => initialState(model).weights[0])
    expect(a).not.toEqual(b)
    const keys = models(varying('hidden', [[], [16], [16, 16]])).map(({ initKey }) => initKey)
    expect(keys).toEqual(['d=16', '16-16', '16-16-16'])
  })
})

describe('the schema', () => {
  it('takes the presets as they are', () => {
    for (const preset of Object.values(presets)) expect(v.parse(ExperimentSchema, preset)).toEqual(preset)
  })

  it('trims a name', () => {
    expect(v.parse(ExperimentSchema, { ...article, name: '  a name ' }).name).toBe('a name')
    expect(messageOf({ ...article, name: 'x'.repeat(81) })).toBe('name: expected 1 to 80 characters')
  })

  const count = (length: number) => Array.from({ length }, (_, index) => index + 1)
  it('takes 128 models and refuses more, whether of values or of seeds', () => {
    const of = (values: number, seeds: number) =>
      messageOf({ ...article, varied: { key: 'latentDim', values: count(values) }, seeds: count(seeds) })
    expect(MOST_MODELS).toBe(128)
    expect([of(128, 1), of(2, 64), of(64, 2)]).toEqual([undefined, undefined, undefined])
    const refused = 'models: expected at most 128, values × seeds'
    const tooLong = 'values: expected 1 to 128 different values'
    expect([of(129, 1), of(43, 3)]).toEqual([tooLong, refused])
    expect(of(1, 65)).toMatch(/^seeds: expected 1 to 64 whole numbers/)
  })

  it.each<[string, object, string]>([
    [
      'a value twice',
      { varied: { key: 'latentDim', values: [2, 8, 2] } },
      'values: expected 1 to 128 different values'
    ],
    ['no value', { varied: { key: 'latentDim', values: [] } }, 'values: expected 1 to 128 different values'],
    [
      'a list of units twice',
      { base: all, varied: { key: 'hidden', values: [[128], [128]] } },
      'values: expected 1 to 128 different values'
    ],
    ['seeds with a gap', { seeds: [1, 3] }, 'seeds: expected 1 to 64 whole numbers in a row from 0 to 4,294,967,295'],
    ['no seed', { seeds: [] }, 'seeds: expected 1 to 64 whole numbers in a row from 0 to 4,294,967,295'],
    ['the varied one in the base', { base: all }, 'latent dimension: expected no value beside the varied ones'],
    ['one missing in the base', { base: { ...article.base, loss: undefined } }, 'loss: expected one of bce, mse'],
    [
      'a batch larger than the images, where it is varied',
      { base: { ...all, batchSize: undefined, trainLimit: 500 }, varied: { key: 'batchSize', values: [100, 501] } },
      'batch size: expected a whole number from 1 to 500, the number of training images'
    ],
    [
      'the images varied',
      { varied: { key: 'trainLimit', values: [1] } },
      'varied hyperparameter: expected one of latentDim, '
    ],
    [
      'an unknown one varied',
      { varied: { key: 'seed', values: [1] } },
      'varied hyperparameter: expected one of latentDim, '
    ]
  ])('refuses %s', (_, changes, message) => {
    expect(messageOf({ ...article, ...changes })).toContain(message)
  })

  it('refuses what it does not know, and everything that is no experiment', () => {
    for (const changes of [
      { path: '/etc' },
      { base: { ...article.base, dropout: 1 } },
      { varied: { key: 'latentDim' } }
    ]) {
      expect(v.is(ExperimentSchema, { ...article, ...changes })).toBe(false)
    }
    for (const other of [null, undefined, 1, 'article', [], {}]) expect(v.is(ExperimentSchema, other)).toBe(false)
  })
})

it('the loss by which models are compared is that of all, or BCE where it is varied', () => {
  expect(lossOf(article)).toBe('bce')
  expect(lossOf(varying('epochs', [1], { base: { ...all, epochs: undefined as never, loss: 'mse' } }))).toBe('mse')
  expect(lossOf(varying('loss', ['mse', 'bce']))).toBe('bce')
})

it('a run is as long as its longest training, on the images of its base', () => {
  expect(epochsOf(varying('epochs', [30, 5, 20]))).toBe(30)
  expect(epochsOf(article)).toBe(70)
  expect(trainImages(article)).toBe(60_000)
})

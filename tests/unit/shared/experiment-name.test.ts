import { expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { nameOfCopy, suggestedName, type NamedExperiment } from '@shared/experiment-name'
import type { Hyperparameters } from '@shared/hyperparameters'
import { varying } from '../../fixtures/varying'

const article = (values: number[] | null, base: Partial<Hyperparameters> = {}): NamedExperiment => ({
  ...presets.article,
  base: { ...presets.article.base, ...base },
  varied: values ? { key: 'latentDim', values } : presets.article.varied
})

it.each<[string, NamedExperiment]>([
  ['Article, six dimensions', article(null)],
  ['Article, six dimensions', article([128, 2, 8, 16, 32, 64])],
  ['d = 4 and 12, Article', article([12, 4])],
  ['d = 2, 4, 8 and 16, Article', article([2, 4, 8, 16])],
  ['seven dimensions up to 784, Article', article([1, 2, 3, 4, 5, 6, 784])],
  ['d = 3, 1 epoch, Article', article([3], { epochs: 1 })],
  ['relu, 20 epochs, Article, six dimensions', article(null, { activation: 'relu', epochs: 20 })],
  [
    'rate 0.01, batch 64, 5,000 images, Article, six dimensions',
    article(null, { batchSize: 64, learningRate: 0.01, trainLimit: 5000 })
  ],
  [
    'hidden 128-64, MSE loss, 3 seeds, Article, six dimensions',
    { ...article(null, { hidden: [128, 64], loss: 'mse' }), seeds: [1, 2, 3] }
  ],
  ['seed 7, Article, six dimensions', { ...article(null), seeds: [7] }],
  ['d = 4, 2 seeds from 0, Article', { ...article([4]), seeds: [0, 1] }]
])('%s', (name, experiment) => expect(suggestedName(experiment, 'article')).toBe(name))

it('names what is varied, and what the preset varies among what stays', () => {
  expect(suggestedName(varying('activation', ['tanh', 'relu']), 'article')).toBe(
    'activation = tanh and relu, d = 16, Article'
  )
})

it.each<[string, NamedExperiment['varied']]>([
  ['five numbers of epochs up to 50', { key: 'epochs', values: [10, 20, 30, 40, 50] }],
  ['five batch sizes up to 5,000', { key: 'batchSize', values: [64, 128, 256, 1000, 5000] }],
  ['five sets of hidden layers', { key: 'hidden', values: [[], [64], [128], [256], [512, 128]] }],
  ['batch size = 128 and 5,000', { key: 'batchSize', values: [128, 5000] }],
  ['no dimensions', { key: 'latentDim', values: [] }]
])('%s', (name, { key, values }) => {
  expect(suggestedName(varying(key, values), 'article')).toMatch(new RegExp(`^${name}, (.+, )?Article$`))
})

it('begins with what differs, names the preset that the values came from while there is room, and fits into a name', () => {
  const everything = {
    activation: 'sigmoid',
    epochs: 1000,
    batchSize: 60_000,
    learningRate: 0.00012,
    trainLimit: 59_999
  } as const
  const values = article([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 784], everything)
  expect(suggestedName(values, 'keras-blog')).toMatch(/^twelve dimensions up to 784, sigmoid/)
  expect(suggestedName(values, 'keras-blog').length).toBeLessThanOrEqual(80)
})

it('leaves out whole changes where there is no room for all of them', () => {
  const experiment = varying('learningRate', [0.0003, 0.003, 0.03], {
    base: { activation: 'relu', epochs: 6, trainLimit: 20_000 },
    seeds: [1, 2]
  })
  const name = suggestedName(experiment, 'article')
  expect(name.length).toBeLessThanOrEqual(80)
  expect(name).toMatch(/, 2 seeds$|, 6 epochs$|, 20,000 images$|, Article$/)
  expect(nameOfCopy(name)).toMatch(/^learning rate = .+[^,], again$/)
  expect(nameOfCopy(name).length).toBeLessThanOrEqual(80)
  expect(nameOfCopy('Mine')).toBe('Mine, again')
})

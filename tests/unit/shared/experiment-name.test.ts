import { expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { suggestedName, type NamedValues } from '@shared/experiment-name'

const article = (changes: Partial<NamedValues> = {}): NamedValues => ({
  ...presets.article,
  latentDims: presets.article.varied.values,
  ...changes
})

it.each<[string, Partial<NamedValues>]>([
  ['Article, six dimensions', {}],
  ['Article, six dimensions', { latentDims: [128, 2, 8, 16, 32, 64] }],
  ['Article, d = 4 and 12', { latentDims: [12, 4] }],
  ['Article, d = 2, 4, 8 and 16', { latentDims: [2, 4, 8, 16] }],
  ['Article, seven dimensions up to 784', { latentDims: [1, 2, 3, 4, 5, 6, 784] }],
  ['Article, d = 3, 1 epoch', { latentDims: [3], epochs: 1 }],
  ['Article, six dimensions, relu, 20 epochs', { activation: 'relu', epochs: 20 }],
  [
    'Article, six dimensions, batch 64, rate 0.01, 5,000 digits',
    { batchSize: 64, learningRate: 0.01, trainLimit: 5000 }
  ]
])('%s', (name, changes) => expect(suggestedName(article(changes), 'article')).toBe(name))

it('starts with the preset that the values came from, and fits into a name', () => {
  const everything = {
    activation: 'sigmoid',
    epochs: 1000,
    batchSize: 60_000,
    learningRate: 0.00012,
    trainLimit: 59_999
  } as const
  const values = article({ ...everything, latentDims: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 784] })
  expect(suggestedName(values, 'keras-blog')).toMatch(/^Keras blog, twelve dimensions up to 784, sigmoid/)
  expect(suggestedName(values, 'keras-blog').length).toBeLessThanOrEqual(80)
})

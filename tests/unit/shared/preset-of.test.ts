import { expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { presetOf } from '@shared/preset-of'

const { article } = presets

it('a preset is itself, whatever its name, its first seed and the order of its values', () => {
  expect(presetOf(presets['keras-blog'])).toBe('keras-blog')
  expect(presetOf(article)).toBe('article')
  expect(presetOf({ ...article, seeds: [9] })).toBe('article')
  const values = [...article.varied.values].reverse()
  expect(presetOf({ ...article, varied: { key: 'latentDim', values } })).toBe('article')
})

it('anything else makes it custom: a value, a varied one, the number of seeds, the data set', () => {
  const { base } = article
  for (const change of [
    { base: { ...base, epochs: 71 } },
    { base: { ...base, hidden: [128] } },
    { varied: { key: 'latentDim' as const, values: [2] } },
    { seeds: [1, 2, 3] },
    { dataset: 'fashion' }
  ]) {
    expect(presetOf({ ...article, ...change }), JSON.stringify(change)).toBe('custom')
  }
})

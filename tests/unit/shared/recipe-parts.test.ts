import { expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { optimizerText } from '@shared/optimizer-text'
import { recipeParts } from '@shared/recipe-parts'

it('says what the presets differ in, and whatever differs from what they have in common', () => {
  expect(recipeParts(presets.article)).toEqual(['tanh', 'batch 128', '70 epochs', 'seed 1'])
  const base = { ...presets.article.base, hidden: [128], loss: 'mse' as const, trainLimit: 5000 }
  expect(recipeParts({ base, seeds: [1, 2, 3] })).toEqual([
    'hidden 128',
    'tanh',
    'MSE loss',
    'batch 128',
    '70 epochs',
    '5,000 images',
    '3 seeds'
  ])
})

it('writes an optimizer with its constants', () => {
  expect(optimizerText('adam')).toBe('Adam, β1 0.9, β2 0.999, ε 1e-7')
})

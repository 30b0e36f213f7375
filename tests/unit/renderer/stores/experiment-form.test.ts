import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { ExperimentSchema, presets } from '@shared/experiment'
import {
  changesFrom,
  presetOf,
  problemOfDim,
  problemsOf,
  suggestedName,
  toExperiment,
  toForm,
  type FormValues
} from '../../../../src/renderer/stores/experiment-form'

const article = (changes: Partial<FormValues> = {}): FormValues => ({ ...toForm(presets.article, null), ...changes })

describe('a dimension', () => {
  it.each([
    ['785', '785 is wider than the digit itself. Give a whole number from 1 to 784.'],
    ['0', '0 can’t be used. Give a whole number from 1 to 784.'],
    ['2.5', '2.5 is not a whole number. Give a whole number from 1 to 784.'],
    ['x', '“x” is not a number. Give a whole number from 1 to 784.'],
    ['8', '8 is there already. Give 1 to 12 different whole numbers from 1 to 784.'],
    ['784', null]
  ])('%s: %s', (text, problem) => expect(problemOfDim(text, [2, 8])).toBe(problem))

  it('is refused beyond twelve', () => {
    const twelve = Array.from({ length: 12 }, (_, index) => index + 1)
    expect(problemOfDim('100', twelve)).toContain('Twelve models are the most')
  })
})

describe('problems of the form', () => {
  it('finds none in the presets', () => {
    for (const preset of Object.values(presets))
      expect(problemsOf(toForm(preset, preset.name), preset.name)).toEqual({})
  })

  it.each<[keyof FormValues, string, RegExp]>([
    ['epochs', '0.5', /not a whole number.*from 1 to 1,000/],
    ['epochs', '-1', /can’t be used/],
    ['batchSize', '1e9', /can’t be used.*number of training images/],
    ['learningRate', 'NaN', /not a number.*above 0/],
    ['learningRate', '-1', /can’t be used/],
    ['learningRate', '0', /can’t be used/],
    ['seed', '', /Nothing is given/],
    ['trainLimit', '60,001', /from 1 to 60,000/]
  ])('%s of %s', (field, text, problem) => {
    const found = problemsOf(article({ [field]: text }), 'name')
    expect(Object.keys(found)).toEqual([field])
    expect(Object.values(found)[0]).toMatch(problem)
  })

  it('compares the batch with the images there are', () => {
    const found = problemsOf(article({ batchSize: '500', trainLimit: '499' }), 'name')
    expect(found).toEqual({ batchSize: expect.stringContaining('500 is more than there are images to train on') })
  })

  it('asks for a name and for one dimension at least', () => {
    expect(Object.keys(problemsOf(article({ latentDims: [] }), ' '))).toEqual(['name', 'latentDims'])
  })
})

describe('the experiment of a form', () => {
  it('is the preset it was filled from', () => {
    for (const preset of Object.values(presets)) {
      expect(toExperiment(toForm(preset, null), preset.name, preset.preset)).toEqual(preset)
    }
  })

  it('holds a dimension that stands in the field still, in its place', () => {
    const experiment = toExperiment(article({ addedDim: '24' }), 'x', 'custom')
    expect(experiment.varied.values).toEqual([2, 8, 16, 24, 32, 64, 128])
    expect(v.is(ExperimentSchema, experiment)).toBe(true)
  })
})

describe('the preset', () => {
  it('is custom once a value differs, and comes back with the value', () => {
    expect(presetOf(article())).toBe('article')
    expect(presetOf(article({ epochs: '71' }))).toBe('custom')
    expect(presetOf(article({ epochs: '70.0', seed: '9' }))).toBe('article')
    expect(presetOf(toForm(presets['keras-blog'], null))).toBe('keras-blog')
    expect(changesFrom(article(), 'keras-blog')).toEqual(['activation', 'epochs', 'batchSize'])
  })

  it('names the run after itself and what differs', () => {
    expect(suggestedName(article(), 'article')).toBe(presets.article.name)
    expect(suggestedName(article({ latentDims: [2] }), 'article')).toBe('Article, d = 2')
    expect(suggestedName(article({ activation: 'relu' }), 'article')).toBe('Article, six dimensions, relu')
    expect(suggestedName(article({ epochs: 'x' }), 'article')).toBe('Article, six dimensions')
  })
})

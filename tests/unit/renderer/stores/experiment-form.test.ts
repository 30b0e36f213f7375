import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { ExperimentSchema, presets } from '@shared/experiment'
import { suggestedName } from '@shared/experiment-name'
import type { HyperparameterKey } from '@shared/hyperparameters'
import { presetOf } from '@shared/preset-of'
import {
  limitsOf,
  problemOfAdded,
  problemsOf,
  toExperiment,
  toForm,
  varying as varyAnother,
  type FormProblems,
  type FormValues
} from '../../../../src/renderer/stores/experiment-form'
import { runView } from '../run-view'

const { dataset } = runView(0).file
const form = (changes: Partial<FormValues> = {}): FormValues => ({ ...toForm(presets.article, null), ...changes })
const typing = (texts: FormValues['texts']) => form({ texts: { ...form().texts, ...texts } })
const varying = (values: number[], added = '') => form({ varied: { key: 'latentDim', values }, added })
const problems = (values: FormValues, name = 'name'): FormProblems =>
  problemsOf(values, name, limitsOf(values, dataset))

describe('a dimension', () => {
  it.each([
    ['785', '785 can’t be used. Give a whole number from 1 to 784.'],
    ['0', '0 can’t be used. Give a whole number from 1 to 784.'],
    ['2.5', '2.5 can’t be used. Give a whole number from 1 to 784.'],
    ['x', '“x” is not a number. Give a whole number from 1 to 784.'],
    ['8', '8 is there already. Give 1 to 128 different values.'],
    ['784', null]
  ])('%s: %s', (text, problem) => {
    const values = varying([2, 8], text)
    expect(problemOfAdded(values, limitsOf(values, dataset))).toBe(problem)
  })

  it('is refused beyond the models that a run may have, seeds included', () => {
    const many = varying(
      Array.from({ length: 64 }, (_, index) => index + 1),
      '100'
    )
    expect(problemOfAdded(many, {})).toBeNull()
    expect(problemOfAdded({ ...many, seedOffsets: [0, 1] }, {})).toBe(
      '128 models are the most, and 65 values × 2 seeds are 130. Give at most 64 values.'
    )
  })
})

describe('problems of the form', () => {
  it('finds none in the presets', () => {
    for (const preset of Object.values(presets)) expect(problems(toForm(preset, preset.name))).toEqual({})
  })

  it.each<[HyperparameterKey, string, RegExp]>([
    ['epochs', '0.5', /can’t be used. Give a whole number from 1 to 1,000/],
    ['epochs', '-1', /can’t be used/],
    ['batchSize', '1e9', /can’t be used. Give a whole number from 1 to 60,000/],
    ['learningRate', 'NaN', /not a number.*above 0/],
    ['learningRate', '-1', /can’t be used/],
    ['learningRate', '0', /can’t be used/],
    ['trainLimit', '60,001', /from 1 to 60,000/],
    ['trainLimit', '', /Nothing is given/]
  ])('%s of %s', (field, text, problem) => {
    const found = problems(typing({ [field]: text }))
    expect(Object.keys(found)).toEqual([field])
    expect(Object.values(found)[0]).toMatch(problem)
  })

  it('compares the batch with the images there are', () => {
    const found = problems(typing({ batchSize: '500', trainLimit: '499' }))
    expect(found).toEqual({ batchSize: '500 can’t be used. Give a whole number from 1 to 499.' })
  })

  it.each(['0', '-1', '60,001', '2.5'])('blames the training images alone for %s of them', (trainLimit) => {
    expect(problems(typing({ trainLimit }))).toEqual({
      trainLimit: `${trainLimit} can’t be used. Give a whole number from 1 to 60,000.`
    })
  })

  it('asks for a seed, in whose row all others have room', () => {
    expect(problems(form({ seed: '' }))).toEqual({ seed: expect.stringContaining('Nothing is given') })
    expect(problems(form({ seed: '4294967295', seedOffsets: [0, 1] }))).toHaveProperty('seed')
  })

  it('asks for a name and for one value at least', () => {
    expect(Object.keys(problems(varying([]), ' '))).toEqual(['name', 'latentDim'])
  })
})

describe('the experiment of a form', () => {
  it('is the preset it was filled from', () => {
    for (const { name, preset, ...recipe } of Object.values(presets)) {
      const same = toExperiment(toForm({ ...recipe, name, preset }, null), 'article')
      expect(same).toEqual(recipe)
      expect(v.is(ExperimentSchema, { ...same, name, preset })).toBe(true)
    }
  })

  it('holds a value that stands in the field still, in its place, and what can be used of the rest', () => {
    const typed = { ...typing({ epochs: 'x', batchSize: '64' }), added: '24' }
    const experiment = toExperiment(typed, 'article')
    expect(experiment.varied.values).toEqual([2, 8, 16, 24, 32, 64, 128])
    expect(experiment.base).toMatchObject({ epochs: 70, batchSize: 64 })
  })
})

describe('the preset', () => {
  it('is custom once a value differs, and comes back with the value', () => {
    const of = (values: FormValues) => presetOf(toExperiment(values, 'article'))
    expect(of(form())).toBe('article')
    expect(of(typing({ epochs: '71' }))).toBe('custom')
    expect(of(typing({ epochs: '+70' }))).toBe('article')
    expect(of(form({ seed: '9' }))).toBe('article')
    expect(of(form({ seedOffsets: [0, 1, 2] }))).toBe('custom') // as on the command line
    expect(of(toForm(presets['keras-blog'], null))).toBe('keras-blog')
    const { base } = presets.article
    expect(of(toForm({ ...presets.article, base: { ...base, hidden: [128] } }, null))).toBe('custom')
  })

  it('names the run after itself and what differs', () => {
    const name = (values: FormValues) => suggestedName(toExperiment(values, 'article'), 'article')
    expect(name(form())).toBe(presets.article.name)
    expect(name(varying([2]))).toBe('d = 2, Article')
    expect(name(typing({ activation: 'relu' }))).toBe('relu, Article, six dimensions')
    expect(name(typing({ epochs: 'x' }))).toBe('Article, six dimensions')
  })
})

it('has a field for each hyperparameter that stays, and varies any of them', () => {
  const offered = ['hidden', 'activation', 'optimizer', 'learningRate', 'loss', 'batchSize', 'epochs', 'trainLimit']
  expect(form().fields).toEqual(offered)
  const { base } = presets.article
  const deep = toForm({ ...presets.article, base: { ...base, hidden: [128, 64], loss: 'mse' } }, null)
  expect(deep.texts.hidden).toBe('128-64')
  const other = varyAnother(deep, 'optimizer', {})
  expect(other.varied).toEqual({ key: 'optimizer', values: ['adam', 'adamw', 'rmsprop', 'sgd', 'adagrad'] })
  expect(other.texts.latentDim).toBe('32')
  expect(other.fields).toEqual(['latentDim', ...offered.filter((key) => key !== 'optimizer')])
})

it('begins to vary with the values of a preset, of these what may be, and with the one that stood there', () => {
  const of = (values: FormValues, key: HyperparameterKey, limits = {}) => varyAnother(values, key, limits).varied.values
  expect(of(form(), 'learningRate')).toEqual(presets['learning-rate'].varied.values)
  expect(of(typing({ learningRate: '0.002' }), 'learningRate')).toEqual([0.0003, 0.001, 0.0017, 0.002, 0.003, 0.01])
  expect(of(typing({ hidden: '64' }), 'hidden')).toEqual([[64], ...presets.depth.varied.values])
  expect(of(form(), 'batchSize')).toEqual([128])
  const rates = toForm(presets['learning-rate'], null)
  expect(of(rates, 'latentDim', { latentDim: 64 })).toEqual([2, 8, 16, 32, 64])
  const looked = varyAnother(varyAnother(varying([3, 5]), 'activation', {}), 'latentDim', {})
  expect([looked.varied.values, looked.texts.activation]).toEqual([[3, 5], 'tanh']) // not the middle one of four
  const none = toForm({ ...presets.activation, varied: { key: 'activation', values: [] } }, null)
  expect(varyAnother(none, 'epochs', {}).texts.activation).toBe('tanh')
})

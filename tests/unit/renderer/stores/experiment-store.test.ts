import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { useExperimentStore } from '../../../../src/renderer/stores/experiment-store'

beforeEach(() => setActivePinia(createPinia()))

it('keeps the draft until it is started or cancelled', () => {
  const store = useExperimentStore()
  store.openDraft()
  store.form.texts.epochs = '12'
  store.openDraft()
  expect(store.form.texts.epochs).toBe('12')
  store.discard()
  store.openDraft()
  expect(store.form.texts.epochs).toBe('70')
})

it('goes on with a copy of another run', () => {
  const store = useExperimentStore()
  store.copyOf({ ...presets['keras-blog'], seeds: [9] })
  store.openDraft()
  expect([store.form.seed, store.preset]).toEqual(['9', 'keras-blog'])
})

it('hands on what it does not offer: hidden layers, the loss, several seeds, another varied hyperparameter', () => {
  const { learningRate, ...base } = presets.article.base
  const original: Experiment = {
    ...presets.article,
    preset: 'custom',
    base: { ...base, latentDim: 16, hidden: [128, 64], loss: 'mse' },
    varied: { key: 'learningRate', values: [learningRate ?? 1, 0.01] },
    seeds: [7, 9, 1000]
  }
  const store = useExperimentStore()
  store.copyOf(original)
  expect(store.experiment).toEqual({ ...original, name: 'Article, six dimensions, again' })
  expect(store.form.fields).toEqual(expect.arrayContaining(['hidden', 'loss', 'latentDim']))
  store.form.seed = '0'
  expect(store.experiment?.seeds).toEqual([0, 2, 993])
})

it('prints the numbers it means, and no command while one is wrong', () => {
  const store = useExperimentStore()
  store.form.texts.epochs = ' 1,000 '
  expect(store.command).toBe('npm run -s lab -- run --preset article --epochs 1000')
  store.form.texts.learningRate = '0.001 --seed 4'
  expect([store.command, store.experiment, store.toFix]).toEqual([null, null, ['learningRate']])
  expect(store.draft.base.learningRate).toBe(0.001)
})

it('includes a dimension that stands in the field still, in its place', () => {
  const store = useExperimentStore()
  store.form.added = '24'
  expect(store.command).toBe('npm run -s lab -- run --preset article --dims 2,8,16,24,32,64,128')
  store.addValue()
  expect([store.form.varied.values, store.form.added]).toEqual([[2, 8, 16, 24, 32, 64, 128], ''])
  store.form.added = '24'
  store.addValue()
  expect([store.form.varied.values.length, store.form.added]).toEqual([7, '24'])
  store.removeValue(24)
  expect(store.form.varied.values).toEqual([2, 8, 16, 32, 64, 128])
})

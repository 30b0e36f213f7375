import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import { useExperimentStore } from '../../../../src/renderer/stores/experiment'

beforeEach(() => setActivePinia(createPinia()))

it('keeps the draft until it is started or cancelled', () => {
  const store = useExperimentStore()
  store.openDraft()
  store.form.epochs = '12'
  store.openDraft()
  expect(store.form.epochs).toBe('12')
  store.discard()
  store.openDraft()
  expect(store.form.epochs).toBe(String(presets.article.epochs))
})

it('goes on with a copy of another run', () => {
  const store = useExperimentStore()
  store.copyOf({ ...presets['keras-blog'], seed: 9 })
  store.openDraft()
  expect([store.form.seed, store.preset]).toEqual(['9', 'keras-blog'])
})

it('prints the numbers it means, and no command while one is wrong', () => {
  const store = useExperimentStore()
  store.form.epochs = ' 1,000 '
  expect(store.commandWithin(null)).toBe('npm run -s lab -- run --preset article --epochs 1000')
  store.form.learningRate = '0.001 --seed 4'
  expect(store.commandWithin(null)).toBeNull()
})

it('includes a dimension that stands in the field still', () => {
  const store = useExperimentStore()
  store.form.addedDim = '24'
  expect(store.commandWithin(null)).toBe('npm run -s lab -- run --preset article --dims 2,8,16,24,32,64,128')
})

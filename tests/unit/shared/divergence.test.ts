import { expect, it } from 'vitest'
import { divergedSeries, gapText, hasDiverged } from '@shared/divergence'
import { fixtureRun } from '../../fixtures/run-file'

const bce = { perfectCopy: 0.0581, meanDigit: 0.2625 }
const mse = { perfectCopy: 0, meanDigit: 0.0675 }

it('takes what has not begun to learn for no divergence, in either loss', () => {
  expect(hasDiverged(Math.LN2, bce)).toBe(false)
  expect(hasDiverged(0.2315, mse)).toBe(false)
  expect(hasDiverged(1.06, bce)).toBe(true)
  expect(hasDiverged(0.28, mse)).toBe(true)
})

it('takes what is no number for divergence, and unknown bounds for none', () => {
  for (const loss of [null, NaN, Infinity]) expect(hasDiverged(loss, bce)).toBe(true)
  expect(hasDiverged(0.2, { meanDigit: NaN })).toBe(false)
})

it('says so of a series whose model of one seed has, and of none before the first epoch', () => {
  const file = fixtureRun({ latentDims: [2, 8], epochs: 1, experiment: { seeds: [1, 2] } })
  const models = file.models.map((model, index) => ({
    ...model,
    history: { ...model.history, valLoss: [[0.2, 0.2, 0.2, 1.4][index] ?? null] }
  }))
  expect(divergedSeries({ ...file, models }).map(({ short }) => short)).toEqual(['8'])
  expect(divergedSeries(fixtureRun({ epochsDone: 0 }))).toEqual([])
})

it('stands in the place of the gap closed', () => {
  expect([gapText(0.74, false), gapText(0, true), gapText(null, false)]).toEqual(['74\u00a0%', 'diverged', '–'])
})

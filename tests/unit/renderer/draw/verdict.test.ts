import { expect, it } from 'vitest'
import { verdict } from '../../../../src/renderer/views/draw/verdict'
import type { Answer } from '../../../../src/renderer/views/draw/use-reconstructions'

const answers = (...errors: number[]) =>
  errors.map((mse, rank) => ({ series: { label: `d = ${2 * rank + 2}` }, through: { mse } }) as unknown as Answer)

it('names the closest and the furthest of the models that have not diverged', () => {
  expect(verdict(answers(NaN, 0.03, 0.01), 0, 'digit')).toBe(
    'd = 6 comes closest to the drawing, with an error of 0.0100; d = 4 is furthest from it, with 0.0300.'
  )
  expect(verdict(answers(NaN, 0.03), 0, 'digit')).toBe('d = 4 errs by 0.0300.')
})

it('says that all have diverged', () => {
  expect(verdict(answers(NaN, Infinity), 0, 'digit')).toBe('No model copies the drawing: their weights have diverged.')
})

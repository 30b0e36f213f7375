import { expect, it } from 'vitest'
import { parseNumber } from '@shared/parse-number'

it.each([
  ['60,000', 60_000],
  [' 0.001 ', 0.001],
  ['1e-3', 0.001],
  ['-1', -1]
])('reads %s', (text, value) => expect(parseNumber(text)).toBe(value))

it.each(['', 'x', '1,00', '0x10', 'Infinity', '1 2'])('takes %s for no number', (text) => {
  expect(parseNumber(text)).toBeNaN()
})

import { expect, it } from 'vitest'
import { parseNumber } from '@shared/parse-number'

it.each([
  ['60,000', 60_000],
  [' 0.001 ', 0.001],
  ['1e-3', 0.001],
  ['1,234,567.5', 1_234_567.5],
  ['-1', -1]
])('reads %s', (text, value) => expect(parseNumber(text)).toBe(value))

it.each(['', 'x', '1,00', '0,001', ',100', '0.001,000', '1e-3,000', '1000,000', '0x10', 'Infinity', '1 2'])(
  'takes %s for no number',
  (text) => {
    expect(parseNumber(text)).toBeNaN()
  }
)

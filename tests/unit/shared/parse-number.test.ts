import { describe, expect, it } from 'vitest'
import { listHint, parseNumber, spellingHint } from '@shared/parse-number'

describe('a whole number', () => {
  it.each([
    ['60,000', 60_000],
    ['60000', 60_000],
    [' 1,234,567 ', 1_234_567],
    ['+7', 7],
    ['1e3', 1000],
    ['0', 0],
    ['-1', -1]
  ])('reads %s', (text, value) => expect(parseNumber(text, 'whole')).toBe(value))

  it.each<[text: string, hint: RegExp | '']>([
    ['1.000', /^A whole number has no decimal point: write 1,000 or 1000; or 1, if that is meant$/],
    ['60.000', /write 60,000 or 60000; or 60, if/],
    ['1.234.567', /write 1,234,567 or 1234567$/],
    ['70.0', /^A whole number has no decimal point: write 70$/],
    ['1.5e3', /write 1,500$/],
    ['1,00', /^Thousands are parted by a comma before each three digits, as in 1,000, or not at all$/],
    ['1000,000', /^Thousands are parted/],
    ['1 000', /^Write 1,000 or 1000$/],
    ['60\u202f000', /^Write 60,000 or 60000$/],
    ['60\u00a0000', /^Write 60,000 or 60000$/],
    ['60’000', /^Write 60,000 or 60000$/],
    ['60_000', /^Write 60,000 or 60000$/],
    ['024', /^A number has no zero before its digits: write 24$/],
    ['１０', /^Write numbers with the digits 0 to 9$/],
    ['٣', /^Write numbers with the digits 0 to 9$/],
    ['2.5', ''],
    ['', ''],
    ['x', ''],
    ['0x10', ''],
    ['1e-3', ''],
    ['1e-3,000', ''],
    ['Infinity', ''],
    ['1 2', ''],
    ['--1', '']
  ])('refuses %s', (text, hint) => {
    expect(parseNumber(text, 'whole')).toBeNaN()
    expect(spellingHint(text, 'whole')).toEqual(hint === '' ? '' : expect.stringMatching(hint))
  })
})

describe('a decimal number', () => {
  it.each([
    [' 0.001 ', 0.001],
    ['1e-3', 0.001],
    ['.5', 0.5],
    ['+2.', 2],
    ['1.000', 1]
  ])('reads %s', (text, value) => expect(parseNumber(text, 'decimal')).toBe(value))

  it.each<[text: string, hint: RegExp | '']>([
    ['0,001', /^Decimals follow a point: write 0\.001$/],
    ['1,5e-3', /write 1\.5e-3$/],
    ['1,000', /write 1\.000$/],
    ['001', /write 1$/],
    ['०.१', /^Write numbers with the digits 0 to 9$/],
    ['0.001.000', ''],
    ['fast', '']
  ])('refuses %s', (text, hint) => {
    expect(parseNumber(text, 'decimal')).toBeNaN()
    expect(spellingHint(text, 'decimal')).toEqual(hint === '' ? '' : expect.stringMatching(hint))
  })
})

describe('a list that is no list of numbers', () => {
  it.each<[list: string, notation: 'whole' | 'decimal', hint: RegExp | '']>([
    ['1,024', 'whole', /^A comma separates values here: write 1024 for one number$/],
    ['1, 024', 'whole', /write 1024 for/],
    ['5,000,10,000', 'whole', /write 5000 for/],
    ['024', 'whole', /^A comma separates values here: write 1000 for a thousand, and no zero before other digits$/],
    ['2,04', 'whole', /^A number has no zero before its digits: write 4$/],
    ['2 4 6', 'whole', /^Separate values by commas: 2, 4, 6$/],
    ['2; 4; 6', 'whole', /^Separate values by commas: 2, 4, 6$/],
    ['2,60.000', 'whole', /write 60,000 or 60000/],
    ['0,001', 'decimal', /write 0\.001 for one number$/],
    ['0,5', 'decimal', /write 0\.5 for one number$/],
    ['0.1,x', 'decimal', ''],
    ['2,,8', 'whole', '']
  ])('%s', (list, notation, hint) => {
    expect(listHint(list, notation)).toEqual(hint === '' ? '' : expect.stringMatching(hint))
  })
})

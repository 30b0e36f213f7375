import { beforeAll, expect, it } from 'vitest'
import { printable, printableAll } from '../../../src/main/report/printable'
import { openTypeface } from '../../../src/main/system/typeface'

let has: (codePoint: number) => boolean
beforeAll(async () => {
  has = (await openTypeface()).has
})

it.each([
  ['Ålesund, Ζεύς, Жук: ≤ 5 %', 'Ålesund, Ζεύς, Жук: ≤ 5 %'],
  ['実験 1', '[Han] 1'],
  ['ひらがなカタカナ', '[Hiragana][Katakana]'],
  ['עברית, العربية', '[Hebrew], [Arabic]'],
  ['👩🏽‍🔬🧪 run', '[emoji] run'],
  ['🇳🇴', '[emoji]'],
  ['a 𝔸 b', 'a [U+1D538] b'],
  ['e\u0301', 'é'],
  ['two\nlines', 'two\nlines'],
  ['', '']
])('%s is printed as %s', (text, printed) => {
  expect(printable(text, has)).toBe(printed)
})

it('reaches every text of a piece of data, and changes no number', () => {
  const data = { title: '実験', rows: [{ cells: ['1', '験'], width: 28, colour: null }], isSigned: true }
  expect(printableAll(data, has)).toEqual({
    title: '[Han]',
    rows: [{ cells: ['1', '[Han]'], width: 28, colour: null }],
    isSigned: true
  })
})

import { expect, test } from 'vitest'
import { csvText } from '../../../src/shared/csv'

test('RFC 4180: commas, CRLF, quotes where a cell needs them', () => {
  const rows = [
    [1, 'a,b', 'say "x"'],
    [-0.5, 'two\nlines', null],
    [NaN, '', 1e-7]
  ]
  expect(csvText(['n', 'text', 'more'], rows)).toBe(
    'n,text,more\r\n1,"a,b","say ""x"""\r\n-0.5,"two\nlines",\r\n,,1e-7\r\n'
  )
})

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', `"'\r=1"`],
  ['＝1', "'＝1"],
  ['d = 2', 'd = 2'],
  ['a;=cmd', "a;'=cmd"],
  ['a-b', 'a-b'],
  ["'=1", "'=1"]
])('text %j becomes %j, which no spreadsheet computes', (text, cell) => {
  expect(csvText(['t'], [[text]])).toBe(`t\r\n${cell}\r\n`)
})

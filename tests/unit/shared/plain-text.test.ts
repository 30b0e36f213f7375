// What a name or a message may hold never acts on a terminal.
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { NameSchema } from '@shared/experiment'
import { plainJson, plainText } from '@shared/plain-text'
import { formatTable } from '../../../src/main/cli/table'
import { errorLine, shownValue } from '../../../src/main/cli/usage-error'

const evil = 'a\u001b[31mb\u0007c\u009b2Jd\u202ee\nf\u2028g\u007f'
const acts = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/

it('has a sign for each control character, and leaves all else', () => {
  expect(plainText(evil)).toBe('a�[31mb�c�2Jd�e�f�g�')
  expect(plainText('Größe 2 × 3 “é” 日本 😀')).toBe('Größe 2 × 3 “é” 日本 😀')
})

it('has one for each mark that turns the direction of what follows', () => {
  const marks = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
  expect(plainText(marks)).toBe('�'.repeat(marks.length))
  expect(plainJson(marks)).toMatch(/^"(\\u[0-9a-f]{4}){12}"$/)
})

it('is the same JSON', () => {
  expect(plainJson({ evil })).not.toMatch(acts)
  expect(JSON.parse(plainJson({ evil }))).toEqual({ evil })
})

it('makes a name one line, wherever it comes from', () => {
  expect(v.parse(NameSchema, ` ${evil} `)).toBe('a�[31mb�c�2Jd�e�f�g�')
})

it('keeps tables, errors and quoted values plain', () => {
  const table = formatTable([{ title: 'device', align: 'left', text: (text: string) => text }], [evil])
  expect(table).not.toMatch(acts)
  expect(table.split('\n')).toHaveLength(3)
  expect(errorLine({ kind: 'bad-file', problem: evil, found: evil, expected: '', remedy: evil })).not.toMatch(acts)
  expect(shownValue(evil)).not.toMatch(acts)
})

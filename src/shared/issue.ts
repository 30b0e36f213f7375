// What a schema refused, in words: the calls of a view and the experiments of any caller are refused with the same sentences.
import type * as v from 'valibot'
import { allowed } from './experiment'

/** The parts of a sentence: what is wrong, e.g. `batch size`; what was found, `nothing` where it is missing; what may be given. */
export interface IssueInWords {
  name: string
  found: string
  expected: string
}

const LONGEST_VALUE = 60
const kinds: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'a list',
  string: 'a text',
  number: 'a number'
}

/** Schemas write their messages as `name: expected …`; where one has none, the place and the kind of value speak. */
export function issueInWords(issue: v.BaseIssue<unknown>): IssueInWords {
  const path = issue.path ?? []
  const last = path[path.length - 1]
  const found = quotedValue(last ? last.value : issue.input)
  const [name = '', expected] = issue.message.split(': expected ')
  if (expected !== undefined) return { name, found, expected }
  const keys = path.map((item) => item.key).filter((key) => typeof key === 'string')
  const key = keys[keys.length - 1]
  if (issue.expected === 'never') return { name: inWords(key), found, expected: 'nothing' }
  if (found === 'nothing' && key !== undefined) return { name: inWords(key), found, expected: allowedFor(key) }
  return { name: inWords(key), found, expected: kindInWords(issue.expected ?? '') }
}

/** A value from outside, short enough for a message; a text stands in quotes. */
export function quotedValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text =
    typeof value === 'string' ? `"${value}"` : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}

/** `batchSize` as `batch size`. */
const inWords = (key: string | undefined) =>
  (key ?? 'argument').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function allowedFor(key: string): string {
  const known: Readonly<Record<string, string>> = allowed
  return Object.prototype.hasOwnProperty.call(known, key) ? (known[key] ?? '') : 'a value'
}

/** valibot writes a choice as `("a" | "b")`. */
const kindInWords = (expected: string) => kinds[expected] ?? expected.replace(/[()"]/g, '').replace(/ \| /g, ', ')

// What a schema refused, in words: the calls of a view and the experiments of any caller are refused with the same sentences.
import type * as v from 'valibot'
import { allowed } from './experiment'
import { formatCount } from './format'
import { shortText } from './plain-text'

/** The parts of a sentence: what is wrong, e.g. `batch size`; what was found, `nothing` where it is missing; what may be given. */
export interface IssueInWords {
  name: string
  found: string
  /** Empty where what was found says it. */
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
  if (isUnknownKey(issue)) return { name: inWords(key), found: 'an unknown key', expected: '' }
  if (issue.expected === 'never') return { name: inWords(key), found, expected: 'nothing' }
  if (isTooLong(issue)) {
    const [count, most] = [issue.received, issue.requirement].map((number) => formatCount(Number(number)))
    return { name: inWords(key), found: `${count} ${unitOf(issue)}`, expected: `at most ${most}` }
  }
  if (found === 'nothing' && key !== undefined) return { name: inWords(key), found, expected: allowedFor(key) }
  return { name: inWords(key), found, expected: kindInWords(issue.expected ?? '') }
}

/** Whether an object has a key that none of its kind has. */
export const isUnknownKey = ({ type, expected }: v.BaseIssue<unknown>) =>
  type === 'strict_object' && expected === 'never'

const isTooLong = ({ type }: v.BaseIssue<unknown>) => ['max_length', 'max_entries'].includes(type)

const unitOf = ({ input }: v.BaseIssue<unknown>) => (typeof input === 'string' ? 'characters' : 'entries')

/** A value from outside, short enough for a message; a text stands in quotes. */
export function quotedValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return shortText(`"${value}"`, LONGEST_VALUE)
  if (Number.isNaN(value)) return 'no number'
  const text = typeof value === 'object' ? JSON.stringify(beginningOf(value)) : String(value)
  return shortText(text, LONGEST_VALUE)
}

/** As much of it as a message shows, which JSON can write: it may have billions of entries, or contain itself. */
function beginningOf(value: unknown, room = { left: LONGEST_VALUE }): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  const beginning: [string, unknown][] = []
  for (const key in value) {
    if (--room.left < 0) break
    beginning.push([key, beginningOf((value as Record<string, unknown>)[key], room)])
  }
  return Array.isArray(value) ? beginning.map(([, entry]) => entry) : Object.fromEntries(beginning)
}

/** `batchSize` as `batch size`. */
const inWords = (key: string | undefined) =>
  shortText(key ?? 'argument', LONGEST_VALUE).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function allowedFor(key: string): string {
  const known: Readonly<Record<string, string>> = allowed
  return Object.prototype.hasOwnProperty.call(known, key) ? (known[key] ?? '') : 'a value'
}

/** valibot writes a choice as `("a" | "b")`. */
const kindInWords = (expected: string) => kinds[expected] ?? expected.replace(/[()"]/g, '').replace(/ \| /g, ', ')

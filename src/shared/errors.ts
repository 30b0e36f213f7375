// The errors a user can meet. Window, command line and JSON all show the same sentence, made here.
import { shortText } from './plain-text'

/** What sort of thing went wrong; decides the exit code and which remedy a view may offer. */
export const errorKinds = [
  'bad-value',
  'bad-file',
  'not-found',
  'not-writable',
  'disk-full',
  'busy',
  'no-session',
  'not-supported',
  'device-unavailable',
  'device-lost',
  'out-of-memory',
  'diverged',
  'trainer-crashed',
  'trainer-hung',
  'internal'
] as const
export type ErrorKind = (typeof errorKinds)[number]

/** A LabError as plain data: what crosses a process, stands in run.json and is printed by `--json`. */
export interface LabErrorData {
  kind: ErrorKind
  /** One sentence without a full stop: what went wrong. */
  problem: string
  /** What was found, e.g. `785`; empty where nothing was read. A LabError keeps at most 500 characters of it, on one line. */
  found: string
  /** What was expected, e.g. `a whole number from 1 to 784`; empty where the problem says it. */
  expected: string
  /** What the user can do, a sentence without a full stop; empty where nothing is known to help. */
  remedy: string
}

/** What was found may come from others: a file, a page. */
const LONGEST_FOUND = 500

/** An error meant to be read by a user. Anything else that is thrown is a defect and is shown as `internal`. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly data: LabErrorData

  constructor(kind: ErrorKind, problem: string, details: Partial<Omit<LabErrorData, 'kind' | 'problem'>> = {}) {
    const { found = '', expected = '', remedy = '' } = details
    const data = { kind, problem, found: shortText(found, LONGEST_FOUND), expected, remedy }
    super(sentence(data))
    this.data = data
  }

  get kind(): ErrorKind {
    return this.data.kind
  }

  static from(data: LabErrorData): LabError {
    return new LabError(data.kind, data.problem, data)
  }
}

/** There is no connection to the lab: a view says so in one place, and not of every call besides. */
export class Unreachable extends LabError {}

/** One line for people: `--epochs is not usable: found 0.5, expected a whole number from 1 to 1,000. Remedy.` */
export function sentence(data: LabErrorData): string {
  const facts = [data.found && `found ${data.found}`, data.expected && `expected ${data.expected}`].filter(Boolean)
  const first = facts.length > 0 ? `${data.problem}: ${facts.join(', ')}.` : `${data.problem}.`
  return data.remedy ? `${first} ${data.remedy}.` : first
}

/** What was thrown, in its own words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Any thrown value as data; what is no LabError becomes `internal` and keeps its message. */
export function toLabErrorData(thrown: unknown): LabErrorData {
  if (thrown instanceof LabError) return thrown.data
  return {
    kind: 'internal',
    problem: `Something unexpected went wrong (${messageOf(thrown)})`,
    found: '',
    expected: '',
    remedy: 'The log file has the details'
  }
}

/** Exit code of the command line: 2 for wrong usage or bad input, 1 for a failure while running. */
export function exitCode(kind: ErrorKind): 1 | 2 {
  const usage: readonly ErrorKind[] = [
    'bad-value',
    'bad-file',
    'not-found',
    'not-writable',
    'not-supported',
    'device-unavailable'
  ]
  return usage.includes(kind) ? 2 : 1
}

// What a reader may answer: its value, or a LabError in plain words.
import { toLabErrorData, sentence, LabError, type LabErrorData } from '@shared/errors'
import { plainText } from '@shared/plain-text'
import { Fault } from './reader'

const LONGEST_SENTENCE = 1200
/** Words of parsers, runtimes and systems. */
const RAW =
  /undefined|\bNaN\b|\[object|Unexpected|Invalid (key|type|length)|expected (Object|Array|string|number)\b|\bE[A-Z]{4,}\b|\w+Error\b|Cannot read|is not a function|is not iterable|call stack|circular structure|\bJSON at\b|\n\s+at |\.[cm]?[jt]s:\d+:\d+|node:internal/

/** What is wrong with an error that a reader threw or told; null where it is as it should be. */
export function faultOf(error: unknown, input: Buffer): string | null {
  if (error instanceof Fault) return error.message
  if (!(error instanceof LabError)) return `no LabError: ${(error as Error)?.stack ?? String(error)}`
  return faultOfData(toLabErrorData(error), input)
}

export function faultOfData(data: LabErrorData, input: Buffer): string | null {
  const text = sentence(data)
  if (data.kind === 'internal') return `a defect: ${text}`
  return faultOfText(text, input)
}

/** As faultOf of a line for people. A word that the input itself holds is quoted, not raw. */
export function faultOfText(text: string, input: Buffer): string | null {
  if (text.length > LONGEST_SENTENCE) return `a sentence of ${text.length} characters: ${text.slice(0, 200)}`
  if (plainText(text) !== text) return `control characters: ${JSON.stringify(text)}`
  if (!text.isWellFormed()) return `half a character: ${JSON.stringify(text)}`
  const [word] = RAW.exec(text) ?? []
  return word !== undefined && !input.includes(word) ? `raw words (${word}): ${text}` : null
}

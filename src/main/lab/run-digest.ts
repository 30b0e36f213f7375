// The SHA-256 that run.json bears of itself: results that were changed or damaged after they were written are not taken for the run's.
import { createHash, type Hash } from 'node:crypto'

/** The key under which the digest stands in run.json. */
export const RESULTS_DIGEST = 'resultsSha256'

/**
 * SHA-256, in hex, of all that run.json says but the run's name, which a user may change, and the digest itself. Unknown keys count; the
 * order of keys and the layout of the text do not.
 */
export function resultsDigest(content: object): string {
  const { [RESULTS_DIGEST]: _, experiment, ...rest } = content as Record<string, unknown>
  const { name: __, ...recipe } = (experiment ?? {}) as Record<string, unknown>
  const hash = createHash('sha256')
  const numbers = numbersInto(hash)
  const others = withoutNumbers({ ...rest, experiment: recipe }, numbers.take)
  numbers.end()
  return hash.update(JSON.stringify(others)).digest('hex')
}

/** Numbers in a row, as their 64 bits. */
const row = new Float64Array(1024)

/** Hands numbers on to the hash many at once: a call for each short list would take longer than its numbers. */
function numbersInto(hash: Hash) {
  let filled = 0
  const end = () => {
    hash.update(row.subarray(0, filled))
    filled = 0
  }
  const take = (list: readonly (number | null)[]) => {
    for (const number of list) {
      if (filled === row.length) end()
      row[filled++] = asInJson(number)
    }
  }
  return { take, end }
}

/**
 * The same value with its keys in order and without its lists of numbers, which are handed over one by one: a list of runs is read in a
 * moment, and their losses as text would take most of it.
 */
function withoutNumbers(value: unknown, take: (list: readonly (number | null)[]) => void): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isNumbers(value)) {
    take(value)
    return [value.length]
  }
  if (Array.isArray(value)) return value.map((item) => withoutNumbers(item, take))
  const from = value as Record<string, unknown>
  const ordered: Record<string, unknown> = {}
  for (const key of Object.keys(from).sort()) {
    const part = withoutNumbers(from[key], take)
    if (key === '__proto__') Object.defineProperty(ordered, key, { value: part, enumerable: true })
    else ordered[key] = part
  }
  return ordered
}

function isNumbers(value: object): value is (number | null)[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' || item === null)
}

/** JSON has no NaN and no infinity, which become null there, and no negative zero. */
const asInJson = (value: number | null) => (value !== null && Number.isFinite(value) ? value + 0 : NaN)

// Reads PDF files of the plain form that Typst writes (ISO 32000-1, 7.5): a table of offsets, and objects that lie there as text. Only what
// is asked for is looked at, so that a file from elsewhere costs no more than its own size; objects packed into streams are not unpacked.
import { inflate } from 'node:zlib'
import { promisify } from 'node:util'

/** Names with the slash before them; strings as the bytes that they stand for. */
export type PdfValue = null | boolean | number | string | Buffer | PdfReference | PdfDict | PdfStream | PdfValue[]
export interface PdfReference {
  object: number
}
export type PdfDict = Map<string, PdfValue>
export interface PdfStream {
  dict: PdfDict
  /** As it lies in the file. */
  raw: Buffer
}

/** The file is no PDF of that form, or damaged. */
export class PdfDamage extends Error {}
/** It would take more memory than is given to it. */
export class PdfTooLarge extends Error {}

export interface PdfFile {
  /** The document's root. */
  catalog: PdfDict
  /** What a reference leads to; any other value itself; null for what is not there. Throws PdfDamage. */
  follow(value: PdfValue | undefined): PdfValue
  /** The same as a dictionary, the stream's own of a stream; empty where it is none. */
  dictOf(value: PdfValue | undefined): PdfDict
  /** A stream's content, at most so many bytes of it. Throws PdfDamage, or PdfTooLarge where it has more, or all together more than 256 MiB. */
  contentOf(stream: PdfStream, most?: number): Promise<Buffer>
}

export const isStream = (value: PdfValue): value is PdfStream =>
  typeof value === 'object' && value !== null && 'raw' in value

const MOST_INFLATED = 256 * 2 ** 20
const MOST_PARSED = 16 * 2 ** 20 // of a report, its table, pages and fonts: the tags of its text are not looked at
const MOST_VALUES = 1_000_000
const READ_COST = 1024 // of a stream besides its bytes: a file may name an empty one again and again
const MOST_OBJECTS = 1_000_000
const MOST_SECTIONS = 64
const DEEPEST = 64
const inflated = promisify(inflate)

/** Opens a file by its table of offsets. Throws PdfDamage. */
export function openPdf(bytes: Buffer): PdfFile {
  const text = bytes.toString('latin1') // a character a byte, so that places in it are places in the file
  const budget: Budget = { parsed: MOST_PARSED, values: MOST_VALUES }
  const { offsets, root } = readTable(text, budget)
  const objects = new Map<number, PdfValue>()
  const damaged = new Set<PdfStream['raw']>()
  let room = MOST_INFLATED
  let depth = 0

  function objectAt(number: number): PdfValue {
    const offset = offsets.get(number)
    if (offset === undefined) return null
    const known = objects.get(number)
    if (known !== undefined) return known
    objects.set(number, null) // one that leads to itself ends here
    if (depth === DEEPEST) throw new PdfDamage('lengths that lead to one another')
    depth++
    try {
      const read = readObject(number, offset)
      objects.set(number, read)
      return read
    } finally {
      depth--
    }
  }

  function readObject(number: number, offset: number): PdfValue {
    const scanner = createScanner(text, offset, budget)
    const head = scanner.match(/\s*(\d+)\s+\d+\s+obj/y)
    if (Number(head[1]) !== number) throw new PdfDamage(`object ${number} is not where it should be`)
    const value = scanner.value()
    return value instanceof Map && scanner.peek(/\s*stream\r?\n/y) ? streamAt(value, scanner) : value
  }

  function streamAt(dict: PdfDict, scanner: Scanner): PdfStream {
    scanner.match(/\s*stream\r?\n/y)
    const length = follow(dict.get('/Length'))
    const start = scanner.at()
    if (typeof length !== 'number' || length < 0) throw new PdfDamage('a stream without a length')
    scanner.moveTo(start + length)
    scanner.match(/\s*endstream/y)
    return { dict, raw: bytes.subarray(start, start + length) }
  }

  function follow(value: PdfValue | undefined): PdfValue {
    if (typeof value === 'object' && value !== null && 'object' in value) return objectAt(value.object)
    return value ?? null
  }

  function dictOf(value: PdfValue | undefined): PdfDict {
    const found = follow(value)
    if (found instanceof Map) return found
    return isStream(found) ? found.dict : new Map()
  }

  return {
    catalog: dictOf(root),
    follow,
    dictOf,
    async contentOf({ dict, raw }, most = MOST_INFLATED) {
      if (damaged.has(raw)) throw new PdfDamage('a damaged stream')
      room -= raw.length + READ_COST
      if (raw.length > most || room <= 0) throw new PdfTooLarge()
      if (follow(dict.get('/Filter')) !== '/FlateDecode') return raw
      const maxOutputLength = Math.min(most, room)
      const content = await inflated(raw, { maxOutputLength }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_BUFFER_TOO_LARGE') throw new PdfTooLarge()
        damaged.add(raw) // which is not unpacked again for each page that names it
        throw new PdfDamage('a damaged stream')
      })
      room -= content.length
      return content
    }
  }
}

/** Where each object lies, and what the document begins with: of the newest table, and of those before that it builds upon. */
function readTable(text: string, budget: Budget): { offsets: Map<number, number>; root: PdfValue } {
  const offsets = new Map<number, number>()
  const [known, visited] = [new Set<number>(), new Set<number>()]
  let root: PdfValue = null
  let next: PdfValue = Number(/^startxref\s+(\d+)\s/.exec(text.slice(text.lastIndexOf('startxref')))?.[1] ?? NaN)
  for (let section = 0; typeof next === 'number'; section++) {
    if (section === MOST_SECTIONS || visited.has(next)) throw new PdfDamage('too many tables')
    visited.add(next)
    const scanner = createScanner(text, next, budget)
    scanner.match(/\s*xref\s+/y)
    readEntries(scanner, known, offsets)
    scanner.match(/\s*trailer/y)
    const trailer = scanner.value()
    if (!(trailer instanceof Map) || trailer.has('/Encrypt')) throw new PdfDamage('no trailer of the plain form')
    root ??= trailer.get('/Root') ?? null
    next = trailer.get('/Prev') ?? null
  }
  if (root === null) throw new PdfDamage('no root')
  return { offsets, root }
}

function readEntries(scanner: Scanner, known: Set<number>, offsets: Map<number, number>): void {
  while (scanner.peek(/\s*\d/y)) {
    const [, first, count] = scanner.match(/\s*(\d+)\s+(\d+)\s/y)
    for (let index = 0; index < Number(count); index++) {
      const [, offset, kind] = scanner.match(/\s*(\d{10}) \d{5} ([nf])/y)
      const number = Number(first) + index
      if (known.has(number)) continue // a newer table has it
      known.add(number)
      if (known.size > MOST_OBJECTS) throw new PdfTooLarge()
      if (kind === 'n') offsets.set(number, Number(offset))
    }
  }
}

type Scanner = ReturnType<typeof createScanner>

/** What is left to be read: characters, and values, of which short ones take much more memory than their characters. */
interface Budget {
  parsed: number
  values: number
}

/** Reads values one after another from a place of the file on, at the cost of the budget. Its methods throw PdfDamage, PdfTooLarge. */
function createScanner(text: string, start: number, budget: Budget) {
  if (!(start >= 0 && start < text.length)) throw new PdfDamage('a place outside of the file')
  let at = start

  function peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    return pattern.exec(text)
  }

  function match(pattern: RegExp): RegExpExecArray {
    const found = peek(pattern)
    if (!found) throw new PdfDamage(`something else than ${pattern.source} at ${at}`)
    at += found[0].length
    spend(found[0].length)
    return found
  }

  function spend(characters: number): void {
    if ((budget.parsed -= characters) < 0) throw new PdfTooLarge()
  }

  function value(depth = 0): PdfValue {
    if (--budget.values < 0) throw new PdfTooLarge()
    if (depth > DEEPEST) throw new PdfDamage('values too deep in one another')
    const [, token = ''] = match(
      /\s*(<<|\[|\(|<[0-9A-Fa-f\s]*>|\/[^\s()<>[\]{}/%]*|[+-]?(?:\d+\.?\d*|\.\d+)|true|false|null)/y
    )
    if (token === '<<') return dictionary(depth)
    if (token === '[') return list(depth)
    if (token === '(') return literal()
    if (token.startsWith('<')) return Buffer.from(token.replace(/[<>\s]/g, ''), 'hex')
    if (token.startsWith('/')) return nameOf(token)
    if (['true', 'false', 'null'].includes(token)) return token === 'null' ? null : token === 'true'
    return /^\d+$/.test(token) && peek(/\s+\d+\s+R\b/y) ? reference(token) : Number(token)
  }

  function reference(token: string): PdfReference {
    match(/\s+\d+\s+R\b/y)
    return { object: Number(token) }
  }

  function dictionary(depth: number): PdfDict {
    const found: PdfDict = new Map()
    while (!peek(/\s*>>/y)) found.set(nameOf(match(/\s*(\/[^\s()<>[\]{}/%]*)/y)[1] ?? ''), value(depth + 1))
    match(/\s*>>/y)
    return found
  }

  function list(depth: number): PdfValue[] {
    const found: PdfValue[] = []
    while (!peek(/\s*\]/y)) found.push(value(depth + 1))
    match(/\s*\]/y)
    return found
  }

  /** A string in parentheses, which may hold balanced ones, and others behind a backslash. */
  function literal(): Buffer {
    const from = at
    for (let open = 1; open > 0; at++) {
      if (at >= text.length) throw new PdfDamage('a string without an end')
      if (text[at] === '\\') at++
      else if (text[at] === '(') open++
      else if (text[at] === ')') open--
    }
    spend(at - from)
    return Buffer.from(unescaped(text.slice(from, at - 1)), 'latin1')
  }

  return { value, match, peek, at: () => at, moveTo: (place: number) => void (at = place) }
}

const nameOf = (token: string) =>
  token.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' }

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{1,3}|[\s\S])/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(parseInt(code, 8) & 255) : (ESCAPES[code] ?? code)
  )

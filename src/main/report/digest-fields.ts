// The digests that a report bears of itself: the last three of its keywords, which a PDF has twice, among its properties and in its metadata.
// They have the same length before and after they are filled in, so that nothing else moves.
import { createHash } from 'node:crypto'

/** file: of all bytes, with this digest itself as zeros; text and pictures: see report-content.ts. */
export const digestNames = ['file', 'text', 'pictures'] as const
export type DigestName = (typeof digestNames)[number]
export type Digests = Record<DigestName, string>

const DIGITS = 64
const ZEROS = '0'.repeat(DIGITS)
const field = (name: DigestName, digest: string) => `sha256-${name}:${digest}`

/** What a report is typeset with, to be filled in. */
export const emptyDigestFields = digestNames.map((name) => field(name, ZEROS))

const FIELDS = digestNames.map((name) => field(name, `([0-9a-f]{${DIGITS}})`)).join(', ')
/** Each ends with what a text of the user can't hold unescaped. */
const IN_PROPERTIES = new RegExp(`${FIELDS}\\)`)
const IN_METADATA = new RegExp(`${FIELDS}</pdf:Keywords>`)

interface Fields {
  properties: Digests | null
  metadata: Digests | null
}

/** The digests as the file has them, in its properties and in its metadata; null where they are not there, or were never filled in. */
export function readDigestFields(file: Buffer): Fields {
  const { properties, metadata } = fieldsOf(file)
  const filled = (digests: Digests | null) => (digests?.file === ZEROS ? null : digests)
  return { properties: filled(properties), metadata: filled(metadata) }
}

function fieldsOf(file: Buffer): Fields {
  const text = file.toString('latin1')
  return { properties: digestsIn(IN_PROPERTIES.exec(text)), metadata: digestsIn(IN_METADATA.exec(text)) }
}

/** Whether a field for a digest begins anywhere, as in what is left of a report that was cut. */
export const hasDigestField = (file: Buffer) => file.includes(field('file', ''))

function digestsIn(found: RegExpExecArray | null): Digests | null {
  const [, file, text, pictures] = found ?? []
  return file && text && pictures ? { file, text, pictures } : null
}

/** SHA-256 over all bytes, with zeros wherever `digest` stands in the field of the whole file. */
export function fileDigest(file: Buffer, digest: string): string {
  const hash = createHash('sha256')
  const [own, blank] = [Buffer.from(field('file', digest)), Buffer.from(field('file', ZEROS))]
  let from = 0
  for (let at = file.indexOf(own); at >= 0; at = file.indexOf(own, from)) {
    hash.update(file.subarray(from, at)).update(blank)
    from = at + own.length
  }
  return hash.update(file.subarray(from)).digest('hex')
}

/** Puts the digests of text and pictures into a file that was typeset with empty fields, then that of the whole file. Throws an Error where it has none. */
export function fillDigestFields(file: Buffer, { text, pictures }: Omit<Digests, 'file'>): void {
  const { properties, metadata } = fieldsOf(file)
  if (!properties || !metadata) throw new Error('The report has no fields for its digests')
  fill(file, 'text', text)
  fill(file, 'pictures', pictures)
  fill(file, 'file', fileDigest(file, ZEROS))
}

function fill(file: Buffer, name: DigestName, digest: string): void {
  const [empty, full] = [field(name, ZEROS), Buffer.from(field(name, digest))]
  for (let at = file.indexOf(empty); at >= 0; at = file.indexOf(empty, at)) full.copy(file, at)
}

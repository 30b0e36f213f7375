// Reads a report again, which may be anybody's file: what agrees with the digests that it bears, and what is attached to it. Writes nothing.
import * as v from 'valibot'
import { formatBytes, quoted } from '@shared/format'
import { shortText } from '@shared/plain-text'
import type { PartState, ReportPartCheck } from '@shared/report-check'
import { parseJson } from '../system/parse-json'
import { sha256 } from '../system/sha256'
import { DIGESTS_FILE } from './attachments'
import { fileDigest, hasDigestField, readDigestFields, type DigestName, type Digests } from './digest-fields'
import { openPdf, PdfDamage, PdfTooLarge, type PdfFile } from './pdf-file'
import { attachmentsOf, contentDigests, MOST_ATTACHMENT_BYTES, type Attachment } from './report-content'

/** `cut`: its end is missing. `damaged`: it is all there, but its structure is not that of a report as it was written. */
export type ReportForm = 'whole' | 'cut' | 'damaged'

export interface ReadReport {
  form: ReportForm
  /** The whole file, text, pictures, and each attachment; the whole file alone where the rest can't be read. */
  parts: ReportPartCheck[]
  attachments: Attachment[]
}

export const WHOLE_FILE = 'whole file'

const DigestsSchema = v.object({
  algorithm: v.literal('SHA-256'),
  files: v.pipe(v.record(v.string(), v.string()), v.maxEntries(64))
})

/** Why a file is none that can be looked at: it is no PDF, one without the digests that reports bear, or cut before they come. */
export type NoReport = 'no-pdf' | 'no-digests' | 'no-end'

/** Throws PdfTooLarge where its content would take too much memory. */
export async function readReport(file: Buffer): Promise<ReadReport | NoReport> {
  if (!isPdf(file)) return 'no-pdf'
  if (!hasEnd(file)) return hasDigestField(file) ? unreadable('cut') : 'no-end'
  const { properties, metadata } = readDigestFields(file)
  const known = properties ?? metadata
  if (!known) return 'no-digests'
  if (!properties || !metadata) return unreadable('damaged')
  try {
    return await readParts(openPdf(file), file, { properties, metadata })
  } catch (error) {
    if (error instanceof PdfDamage) return unreadable('damaged')
    throw error
  }
}

/** Whether the whole file agrees with its digest, without a look at its parts. */
export function checkFile(file: Buffer): 'agrees' | 'changed' | 'cut' | NoReport {
  if (!isPdf(file)) return 'no-pdf'
  if (!hasEnd(file)) return 'cut'
  const { properties, metadata } = readDigestFields(file)
  if (!properties && !metadata) return 'no-digests'
  const known = [properties, metadata].map((digests) => digests?.file)
  return known.every((digest) => digest && digest === fileDigest(file, digest)) ? 'agrees' : 'changed'
}

const isPdf = (file: Buffer) => file.toString('latin1', 0, 5) === '%PDF-'

/** Whether the last table of offsets is followed by the file's end. Fonts and pictures may hold those letters by chance. */
function hasEnd(file: Buffer): boolean {
  const table = file.lastIndexOf('startxref')
  return table >= 0 && file.indexOf('%%EOF', table) >= 0
}

function unreadable(form: ReportForm): ReadReport {
  const detail = form === 'cut' ? 'its end is missing' : 'its structure is not the one that it was written with'
  return { form, parts: [{ part: WHOLE_FILE, state: 'differs', detail }], attachments: [] }
}

type Fields = Record<'properties' | 'metadata', Digests>

async function readParts(pdf: PdfFile, file: Buffer, fields: Fields): Promise<ReadReport> {
  const found = { file: fileDigest(file, fields.properties.file), ...(await contentDigests(pdf)) }
  const attachments = await attachmentsOf(pdf)
  const part = (name: DigestName) => checkField(fields, name, found[name])
  const parts = [
    { ...part('file'), part: WHOLE_FILE },
    part('text'),
    part('pictures'),
    ...checkAttachments(attachments)
  ]
  return { form: 'whole', parts, attachments }
}

/** A digest stands in the file twice: where the two differ, it is the digest that was changed. */
function checkField({ properties, metadata }: Fields, name: DigestName, found: string | null): ReportPartCheck {
  if (found === null) return { part: name, state: 'differs', detail: 'damaged: it can’t be decoded' }
  const known = [properties[name], metadata[name]]
  if (known.every((digest) => digest === found)) return { part: name, state: 'agrees', detail: `SHA-256 ${found}` }
  if (name !== 'file' && known.includes(found))
    return { part: name, state: 'unknown', detail: 'one of the two digests of it was changed' }
  return { part: name, state: 'differs', detail: `SHA-256 ${found}, written as ${properties[name]}` }
}

/** Each by digests.json, which the digest of the whole file alone proves. */
function checkAttachments(attachments: readonly Attachment[]): ReportPartCheck[] {
  const list = attachments.find(({ name }) => name === DIGESTS_FILE)?.content
  const read = v.safeParse(DigestsSchema, list && parseJson(list.toString()))
  const known = new Map(read.success ? Object.entries(read.output.files) : [])
  const others = attachments.filter(({ name }) => name !== DIGESTS_FILE)
  const names = attachments.map(({ name }) => name)
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) < index))
  const lost = [...known.keys()].filter((name) => !others.some((one) => one.name === name))
  return [
    ...others.map((one) => checkAttachment(one, read.success ? (known.get(one.name) ?? '') : null)),
    ...[...doubled].map((name) => attachmentPart(name, 'differs', 'several have this name')),
    ...lost.map((name) => attachmentPart(name, 'missing', 'it was there when the report was written')),
    ...(read.success
      ? []
      : [attachmentPart(DIGESTS_FILE, list === undefined ? 'missing' : 'differs', 'no list of digests')])
  ]
}

/** `known`: its digest as listed, empty where it is not; null where there is no list. */
function checkAttachment({ name, content }: Attachment, known: string | null): ReportPartCheck {
  if (content === null) {
    return attachmentPart(
      name,
      'differs',
      `damaged, or larger than ${formatBytes(MOST_ATTACHMENT_BYTES)} when unpacked`
    )
  }
  if (known === null) return attachmentPart(name, 'unknown', 'there is no list of digests')
  if (known === '') return attachmentPart(name, 'differs', 'it was not there when the report was written')
  const found = sha256(content)
  if (found === known) return attachmentPart(name, 'agrees', `SHA-256 ${found}`)
  return attachmentPart(name, 'differs', `SHA-256 ${found}, written as ${shortText(known, 64)}`)
}

const LONGEST_NAME = 80
const isPlainName = (name: string) => /^[a-z0-9-]+\.[a-z]+$/.test(name)

function attachmentPart(name: string, state: PartState, detail: string): ReportPartCheck {
  const shown = shortText(name, LONGEST_NAME)
  return { part: `attachment ${isPlainName(shown) ? shown : quoted(shown)}`, state, detail }
}

export { PdfTooLarge }

// What a report is made of, as its digests are taken: its text, its pictures, its attachments. The same code writes the digests and checks them.
import { createHash, type Hash } from 'node:crypto'
import { isStream, PdfDamage, PdfTooLarge, type PdfDict, type PdfFile, type PdfStream, type PdfValue } from './pdf-file'

export interface Attachment {
  /** As the file has it: no path, whatever it looks like. */
  name: string
  /** Null where it is damaged, or larger than an attachment may be. */
  content: Buffer | null
}

const MOST_PAGES = 10_000
const MOST_ATTACHMENTS = 64
export const MOST_ATTACHMENT_BYTES = 32 * 2 ** 20

/**
 * SHA-256, in hex, of the pages' text: their content streams in order, and of their fonts what draws glyphs and maps them to characters; and
 * of their pictures: images and forms, charts among them, in the order in which pages name them. Null of what can't be decoded. Throws
 * PdfDamage, PdfTooLarge.
 */
export async function contentDigests(pdf: PdfFile): Promise<{ text: string | null; pictures: string | null }> {
  const [text, pictures] = [createTally(pdf), createTally(pdf)]
  const seen = new Set<PdfValue>()

  async function addResources(value: PdfValue | undefined): Promise<void> {
    const resources = newDict(value)
    for (const [name, font] of newDict(resources.get('/Font'))) await addFont(name, pdf.dictOf(font))
    for (const kind of ['/XObject', '/Pattern']) {
      for (const [name, picture] of newDict(resources.get(kind))) await addPicture(name, pdf.follow(picture))
    }
  }

  /** Empty where it was walked before: pages share what they name. */
  function newDict(value: PdfValue | undefined): PdfDict {
    const dict = pdf.dictOf(value)
    return isNew(dict) ? dict : new Map()
  }

  async function addFont(name: string, font: PdfDict): Promise<void> {
    const [descendant] = listOf(pdf.follow(font.get('/DescendantFonts')))
    const descriptor = pdf.dictOf((descendant ? pdf.dictOf(descendant) : font).get('/FontDescriptor'))
    const programs = ['/FontFile', '/FontFile2', '/FontFile3'].map((key) => descriptor.get(key))
    for (const part of [font.get('/ToUnicode'), ...programs]) {
      const stream = pdf.follow(part)
      if (isStream(stream) && isNew(stream)) await text.add(name, stream)
    }
  }

  async function addPicture(name: string, picture: PdfValue): Promise<void> {
    if (!isStream(picture) || !isNew(picture)) return
    const facts = ['/Subtype', '/Width', '/Height', '/BitsPerComponent'].map((key) => String(picture.dict.get(key)))
    await pictures.add([name, ...facts].join(' '), picture)
    await addPicture('/SMask', pdf.follow(picture.dict.get('/SMask')))
    await addResources(picture.dict.get('/Resources'))
  }

  function isNew(value: PdfValue): boolean {
    if (seen.has(value)) return false
    seen.add(value)
    return true
  }

  for (const page of pagesOf(pdf)) {
    const contents = pdf.follow(page.get('/Contents'))
    for (const part of Array.isArray(contents) ? contents : [contents]) {
      const stream = pdf.follow(part)
      if (!isStream(stream)) throw new PdfDamage('a page without content')
      await text.add('page', stream)
    }
    await addResources(page.get('/Resources'))
  }
  return { text: text.digest(), pictures: pictures.digest() }
}

/** Takes the digest of one stream after another, each with a name and its length before it. */
function createTally(pdf: PdfFile) {
  const hash: Hash = createHash('sha256')
  let isWhole = true
  return {
    async add(name: string, stream: PdfStream): Promise<void> {
      const content = await pdf.contentOf(stream).catch(nullWhereDamaged)
      if (content === null) isWhole = false
      else hash.update(`${name} ${content.length}\n`).update(content)
    },
    digest: () => (isWhole ? hash.digest('hex') : null)
  }
}

function nullWhereDamaged(error: unknown): null {
  if (error instanceof PdfDamage) return null
  throw error
}

/** In order; what pages inherit from the tree above them Typst writes at each. */
function pagesOf(pdf: PdfFile): PdfDict[] {
  const pages: PdfDict[] = []
  const seen = new Set<PdfDict>()
  const waiting = [pdf.dictOf(pdf.catalog.get('/Pages'))]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const kids = pdf.follow(node.get('/Kids'))
    const below = Array.isArray(kids) ? kids : []
    if (pages.length + waiting.length + below.length > MOST_PAGES) throw new PdfTooLarge()
    if (Array.isArray(kids)) waiting.push(...below.map((kid) => pdf.dictOf(kid)).reverse())
    else pages.push(node)
  }
  if (pages.length === 0) throw new PdfDamage('no page')
  return pages
}

/** The files that are attached, in their order. Throws PdfDamage, PdfTooLarge where they are too many. */
export async function attachmentsOf(pdf: PdfFile): Promise<Attachment[]> {
  const found: Attachment[] = []
  const seen = new Set<PdfDict>()
  const waiting = [pdf.dictOf(pdf.dictOf(pdf.catalog.get('/Names')).get('/EmbeddedFiles'))]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const [kids, names] = [listOf(pdf.follow(node.get('/Kids'))), listOf(pdf.follow(node.get('/Names')))]
    if (found.length + waiting.length + kids.length + names.length / 2 > MOST_ATTACHMENTS) throw new PdfTooLarge()
    waiting.push(...kids.map((kid) => pdf.dictOf(kid)))
    for (let index = 0; index + 1 < names.length; index += 2) {
      const embedded = pdf.follow(pdf.dictOf(pdf.dictOf(names[index + 1]).get('/EF')).get('/F'))
      found.push({ name: textOf(pdf.follow(names[index])), content: await attached(pdf, embedded) })
    }
  }
  return found
}

async function attached(pdf: PdfFile, stream: PdfValue): Promise<Buffer | null> {
  if (!isStream(stream)) return null
  return pdf.contentOf(stream, MOST_ATTACHMENT_BYTES).catch((error: unknown) => {
    if (error instanceof PdfDamage || error instanceof PdfTooLarge) return null
    throw error
  })
}

const listOf = (value: PdfValue): PdfValue[] => (Array.isArray(value) ? value : [])

/** A text string (ISO 32000-1, 7.9.2.2): UTF-16 with its mark, else a character a byte. */
function textOf(value: PdfValue): string {
  if (!Buffer.isBuffer(value)) return ''
  const isWide = value[0] === 0xfe && value[1] === 0xff && value.length % 2 === 0
  return isWide ? Buffer.from(value).swap16().toString('utf16le', 2) : value.toString('latin1')
}

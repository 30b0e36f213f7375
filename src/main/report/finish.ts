// What the drawing library can't write into a PDF: properties, the outline, and run.json as an attachment.
import { PDFDocument, PDFHexString, PDFName, PDFNull, PDFNumber, type PDFRef } from '@cantoo/pdf-lib'
import { hyperparameters } from '@shared/hyperparameters'
import { answerText, shortQuestion } from './summary'
import type { RunFile, RunState } from '@shared/run'

/** An entry of the outline: a page, from 0, and how far down it, in points. */
export interface Bookmark {
  title: string
  page: number
  top: number
}

export const ATTACHMENT = 'run.json'

/** The finished file. Its dates are the run's, so that the same run gives the same report. */
export async function finishReport(
  pages: Uint8Array,
  bookmarks: Bookmark[],
  file: RunFile,
  state: RunState
): Promise<Uint8Array> {
  const document = await PDFDocument.load(pages, { updateMetadata: false })
  const date = new Date(file.endedAt ?? file.createdAt)
  document.setTitle(`${file.experiment.name}: ${shortQuestion(file)}`, { showInWindowTitleBar: true })
  document.setAuthor('Bottleneck Lab')
  document.setSubject(answerText(file, state))
  const { label } = hyperparameters[file.experiment.varied.key]
  document.setKeywords(['autoencoder', label.toLowerCase(), file.dataset.name])
  document.setCreator(`Bottleneck Lab ${file.versions['bottleneck-lab'] ?? ''}`.trim())
  document.setLanguage('en')
  document.setCreationDate(date)
  document.setModificationDate(date)
  await document.attach(new TextEncoder().encode(JSON.stringify(file, null, 2)), ATTACHMENT, {
    mimeType: 'application/json',
    description: 'The run: experiment, losses of every epoch, metrics',
    creationDate: date,
    modificationDate: date
  })
  addOutline(document, bookmarks)
  return document.save()
}

/** PDF 32000-1:2008, 12.3.3: items linked to one another, each with the page and height that it leads to. */
function addOutline(document: PDFDocument, bookmarks: Bookmark[]): void {
  const { context } = document
  const outline = context.nextRef()
  const items = bookmarks.map(() => context.nextRef())
  bookmarks.forEach(({ title, page, top }, index) => {
    const target = document.getPage(page)
    const item = context.obj({ Title: PDFHexString.fromText(title), Parent: outline })
    item.set(
      PDFName.of('Dest'),
      context.obj([target.ref, 'XYZ', PDFNull, PDFNumber.of(target.getHeight() - top), PDFNull])
    )
    link(item, 'Prev', items[index - 1])
    link(item, 'Next', items[index + 1])
    context.assign(items[index] ?? outline, item)
  })
  const root = context.obj({ Type: 'Outlines', Count: items.length })
  link(root, 'First', items[0])
  link(root, 'Last', items[items.length - 1])
  context.assign(outline, root)
  document.catalog.set(PDFName.of('Outlines'), outline)
  document.catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'))
}

function link(from: { set(key: PDFName, value: PDFRef): void }, key: string, to: PDFRef | undefined): void {
  if (to) from.set(PDFName.of(key), to)
}

// What a user may choose of a report; remembered between reports.
import * as v from 'valibot'

/** Parts of a report after its title and answer, in their order, as the window lists them. */
export const reportParts = {
  abstract: 'Abstract',
  models: 'Table of models',
  losses: 'Loss by epoch',
  quality: 'Quality',
  images: 'Reconstructions',
  claims: 'The article’s claims',
  caveats: 'Caveats',
  recipe: 'Recipe',
  provenance: 'Machine and data',
  definitions: 'How it was measured'
} as const
export type ReportPart = keyof typeof reportParts
export const reportPartKeys = Object.keys(reportParts) as ReportPart[]

/** One standard at a time: PDF/UA-1 (ISO 14289-1) for readers, PDF/A-3a (ISO 19005-3) for archives. */
export const pdfStandards = ['ua-1', 'a-3a'] as const
export const papers = ['a4', 'letter'] as const
/** In points: ISO 216 A4, and US Letter. */
export const paperSizes = { a4: { width: 595.28, height: 841.89 }, letter: { width: 612, height: 792 } } as const

/** What a report is saved as: a PDF, or the source that Typst makes it of. */
export const reportFiles = ['pdf', 'source'] as const
export type ReportFile = (typeof reportFiles)[number]

/** Runs that a report compares, as many as the window does. */
export const MOST_REPORTED = 8

const MOST_NAME = 200
const MOST_NOTE = 2000
const text = (name: string, most: number) => {
  const refusal = `${name}: expected text of at most ${most.toLocaleString('en-US')} characters`
  return v.pipe(v.string(refusal), v.maxLength(most, refusal))
}

export const ReportOptionsSchema = v.strictObject({
  paper: v.picklist(papers, `paper: expected one of ${papers.join(', ')}`),
  pdf: v.picklist(pdfStandards, `pdf: expected one of ${pdfStandards.join(', ')}`),
  parts: v.array(v.picklist(reportPartKeys, `sections: expected some of ${reportPartKeys.join(', ')}`)),
  /** Below the title; empty: nobody is named. */
  author: text('author', MOST_NAME),
  note: text('note', MOST_NOTE)
})
export type ReportOptions = v.InferOutput<typeof ReportOptionsSchema>

export const defaultReportOptions: ReportOptions = {
  paper: 'a4',
  pdf: 'ua-1',
  parts: [...reportPartKeys],
  author: '',
  note: ''
}

// The report of a run as a PDF: its sections as data, its charts as pictures, typeset by the template. report-process.ts makes it.
import type { Claims } from '@shared/analysis'
import { CLONE_PROGRAM } from '@shared/command-line'
import type { Probes } from '@shared/contract'
import { paperSizes, type ReportOptions } from '@shared/report-options'
import type { RunFile, RunState } from '@shared/run'
import type { Drawing } from './charts'
import type { ReportDocument } from './document'
import { printable, printableAll } from './printable'
import { sectionsOf } from './sections'
import { template } from './template'
import { titleOf } from './title-block'
import { openTypeface, type Typeface } from '../system/typeface'
import { typeset, type Sources } from './typeset'

/** A run as it stands, and what is shown of it. */
export interface ReportedRun {
  file: RunFile
  /** What the run is doing, which its file alone does not say. */
  state: RunState
  probes: Probes
  /** Reconstructions after the last complete epoch, [models × 20 × pixels of an image] uint8; empty before the first, and where `missing` says why. */
  digits: Uint8Array
  /** Why there are no reconstructions of trained models, as a sentence; else empty. */
  missing: string
  /** What the analysis of the last epoch found of the article's claims; null: not analysed. */
  claims: Claims | null
}

export interface ReportInput {
  /** One, or several that are compared. */
  runs: readonly ReportedRun[]
  options: ReportOptions
  /** `pages`: all pages one below another as the text of an SVG file, for a look at them; else a PDF. */
  form?: 'pdf' | 'pages'
}

/** At the left and the right of the page's text, in points; as in the template. */
const MARGINS = 2 * 48

/** `program` begins the command that repeats a run. The same input gives the same bytes. */
export async function drawReport(input: ReportInput, program = CLONE_PROGRAM): Promise<Uint8Array> {
  const typeface = await openTypeface()
  const form = input.form === 'pages' ? 'pages' : input.options.pdf
  return typeset(reportSources(input, program, typeface), typeface.files, form)
}

/** All that the report is made of: the template, document.json, charts, images and attachments. */
function reportSources({ runs, options }: ReportInput, program: string, { measure, has }: Typeface): Sources {
  const files = new Map<string, string | Uint8Array>()
  const drawing: Drawing = { width: paperSizes[options.paper].width - MARGINS, measure, files, prefix: '' }
  const attachments = runs.map((run, index) =>
    attach(run, runs.length > 1 ? `run-${index + 1}.json` : 'run.json', files)
  )
  const sections = sectionsOf({ runs, program, drawing }, options)
  const document: ReportDocument = { ...titleOf(runs, options), sections, attachments }
  for (const [name, content] of files) {
    if (name.endsWith('.svg')) files.set(name, printable(String(content), has))
  }
  files.set('document.json', JSON.stringify(printableAll(document, has), null, 2))
  return new Map([...template, ...files])
}

function attach({ file }: ReportedRun, name: string, files: Map<string, string | Uint8Array>) {
  files.set(name, JSON.stringify(file, null, 2))
  return { name, type: 'application/json', description: 'The run: experiment, losses of every epoch, metrics' }
}

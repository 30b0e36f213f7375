// The report of a run as a PDF: its sections as data, its charts as pictures, typeset by the template. report-process.ts makes it.
import type { Claims } from '@shared/analysis'
import { CLONE_PROGRAM } from '@shared/command-line'
import type { Probes } from '@shared/contract'
import { paperSizes, type ReportFile, type ReportOptions } from '@shared/report-options'
import type { RunFile, RunState } from '@shared/run'
import type { Drawing } from './charts'
import type { ReportDocument } from './document'
import { attach } from './attachments'
import { emptyDigestFields } from './digest-fields'
import { printable, printableAll } from './printable'
import { sealReport } from './seal-report'
import { sectionsOf } from './sections'
import { sourceArchive } from './source-archive'
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
  /** Texts that are attached: run.json as the run folder has it, and the losses of every epoch as a table. */
  attached: { runJson: string; lossesCsv: string }
}

/** A file to save, or `pages`: all pages one below another as the text of an SVG file, for a look at them. */
export type ReportForm = ReportFile | 'pages'

export interface ReportInput {
  /** One, or several that are compared. */
  runs: readonly ReportedRun[]
  options: ReportOptions
  /** Of the program that makes the report. */
  version: string
  /** A PDF if it is left out; `source` gives a ZIP. */
  form?: ReportForm
}

/** Around the page's text, in points, at both sides together; as in the template. */
const MARGINS = { width: 2 * 48, height: 46 + 54 }

/** `program` begins the command that repeats a run. The same input gives the same bytes. */
export async function drawReport(input: ReportInput, program = CLONE_PROGRAM): Promise<Uint8Array> {
  const typeface = await openTypeface()
  const sources = reportSources(input, program, typeface)
  if (input.form === 'source') return sourceArchive(sources, typeface.files, input.options.pdf)
  const fonts = typeface.files.map(({ content }) => content)
  if (input.form === 'pages') return typeset(sources, fonts, 'pages')
  return sealReport(typeset(sources, fonts, input.options.pdf))
}

/** All that the report is made of: the template, document.json, charts, images and attachments. */
function reportSources(input: ReportInput, program: string, { measure, has }: Typeface): Sources {
  const { runs, options } = input
  const files = new Map<string, string | Uint8Array>()
  const paper = paperSizes[options.paper]
  const [width, height] = [paper.width - MARGINS.width, paper.height - MARGINS.height]
  const drawing: Drawing = { width, height, measure, files, prefix: '' }
  const shown = runs.map((run) => withName(run, printable(run.file.experiment.name, has))) // so that those are told apart that look alike
  const attachments = attach(input, files)
  const sections = sectionsOf({ runs: shown, program, drawing }, options)
  const title = titleOf(shown, options)
  const isSealed = input.form !== 'source' && input.form !== 'pages' // what others make of the source bears no digests
  const keywords = [...title.keywords, ...(isSealed ? emptyDigestFields : [])]
  const document: ReportDocument = { ...title, keywords, sections, attachments }
  for (const [name, content] of files) {
    if (name.endsWith('.svg')) files.set(name, printable(String(content), has))
  }
  files.set('document.json', JSON.stringify(printableAll(document, has), null, 2))
  return new Map([...template, ...files])
}

const withName = (run: ReportedRun, name: string): ReportedRun => ({
  ...run,
  file: { ...run.file, experiment: { ...run.file.experiment, name } }
})

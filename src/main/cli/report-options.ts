// The options of `lab report`: what is left out is as in the settings.
import { pdfStandards, papers, reportPartKeys, type ReportOptions, type ReportPart } from '@shared/report-options'
import { nameHint, oneOf } from '@shared/spelling'
import type { ValueOption } from './experiment-options'
import { unusable } from './usage-error'

/** What the parser hands over by the options' own names. */
export interface ReportValues {
  out?: string
  source?: true
  force?: true
  paper?: ReportOptions['paper']
  sections?: ReportPart[]
  pdf?: ReportOptions['pdf']
  author?: string
  note?: string
}

export const reportValueOptions: ValueOption<unknown>[] = [
  named('--paper <size>', 'of the pages', papers),
  {
    flags: '--sections <list>',
    description: 'after title and answer',
    expected: `all, or some of ${reportPartKeys.join(', ')}`,
    parse: (text) =>
      text.trim() === 'all' ? [...reportPartKeys] : text.split(',').map((name) => partNamed(name, text))
  },
  named('--pdf <standard>', 'PDF/UA-1 for readers or PDF/A-3a for archives', pdfStandards),
  { flags: '--author <text>', description: 'below the title', expected: 'a name', parse: (text) => text },
  { flags: '--note <text>', description: 'below the title', expected: 'a paragraph', parse: (text) => text }
]

function named(flags: string, description: string, names: readonly string[]): ValueOption<string> {
  return {
    flags,
    description,
    expected: oneOf(names),
    parse(text) {
      if (names.includes(text)) return text
      throw unusable(flags.replace(/ .*/, ''), text, oneOf(names), nameHint(names, text))
    }
  }
}

function partNamed(name: string, given: string): ReportPart {
  const part = reportPartKeys.find((key) => key === name.trim())
  if (part) return part
  throw unusable(
    '--sections',
    given,
    `all, or some of ${reportPartKeys.join(', ')}`,
    nameHint(reportPartKeys, name),
    name
  )
}

/** What was given of a report's options. */
export function reportOptionsOf({
  sections,
  out: _,
  source: __,
  force: ___,
  ...values
}: ReportValues): Partial<ReportOptions> {
  return { ...values, ...(sections ? { parts: sections } : {}) }
}

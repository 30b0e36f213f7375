// What stands before the sections, and what the file's properties say: of one run, or of a comparison.
import { cutText } from '@shared/cut-text'
import { capital, formatCountInWords } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import type { InsightPart } from '@shared/insight-words'
import type { ReportOptions } from '@shared/report-options'
import type { RunFile } from '@shared/run'
import { abstract } from './abstract'
import { coloursOf } from './charts'
import { abstractOfComparison } from './comparison-abstract'
import type { ReportDocument } from './document'
import type { ReportedRun } from './report'
import { runNames } from './run-names'
import { answer, answerText, question, runDate, shortQuestion, standing } from './summary'

type Title = Omit<ReportDocument, 'sections' | 'attachments'>

const LONGEST_FOOTER = 72

export function titleOf(runs: readonly ReportedRun[], options: ReportOptions): Title {
  const [run, ...others] = runs
  if (!run) throw new Error('a report is of at least one run')
  return { ...common(runs, options), ...(others.length === 0 ? ofOne(run, options) : ofSeveral(runs, options)) }
}

type Common = Pick<Title, 'paper' | 'author' | 'isSigned' | 'note' | 'keywords' | 'date' | 'kicker' | 'dateText'>

function common(runs: readonly ReportedRun[], options: ReportOptions): Common {
  const latest = runs.reduce((latest, run) => (endOf(run.file) > endOf(latest.file) ? run : latest))
  const date = new Date(endOf(latest.file))
  const varied = runs.map(({ file }) => hyperparameters[file.experiment.varied.key].label.toLowerCase())
  return {
    paper: options.paper === 'a4' ? 'a4' : 'us-letter',
    author: [options.author || 'Bottleneck Lab'],
    isSigned: options.author !== '',
    note: options.note,
    keywords: [...new Set(['autoencoder', ...varied, ...runs.map(({ file }) => file.dataset.name)])].filter(isAscii),
    date: {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds()
    },
    kicker: `Bottleneck Lab · ${runs.length > 1 ? 'comparison' : 'report'}`,
    dateText: runDate(latest.file)
  }
}

/** Others have all keywords written as UTF-16, in which the digests among them could not be found nor filled in. */
const isAscii = (text: string) => /^[ -~]*$/.test(text)

const endOf = ({ endedAt, createdAt }: RunFile) => endedAt ?? createdAt

function ofOne({ file, state, claims }: ReportedRun, options: ReportOptions): Omit<Title, keyof Common> {
  const { experiment, id } = file
  return {
    title: experiment.name,
    description: `${shortQuestion(file)} ${answerText(file, state)}`,
    standing: standing(file, state),
    question: question(file),
    answers: [{ name: '', words: coloured(file, answer(file, state)) }],
    abstract: options.parts.includes('abstract') ? abstract(file, state, claims) : [],
    footer: cutText(`${experiment.name} · ${id}`, LONGEST_FOOTER)
  }
}

function ofSeveral(runs: readonly ReportedRun[], options: ReportOptions): Omit<Title, keyof Common> {
  const names = runNames(runs)
  const count = formatCountInWords(runs.length)
  return {
    title: `${capital(count)} runs compared`,
    description: `${names.map((name) => cutText(name, LONGEST_FOOTER)).join('; ')}`,
    standing: '',
    question: runs[0] ? question(runs[0].file) : '',
    answers: runs.map(({ file, state }, index) => ({
      name: names[index] ?? '',
      words: coloured(file, answer(file, state))
    })),
    abstract: options.parts.includes('abstract') ? abstractOfComparison(runs) : [],
    footer: cutText(names.join(' · '), LONGEST_FOOTER)
  }
}

function coloured(file: RunFile, parts: readonly InsightPart[]): Title['answers'][number]['words'] {
  const colours = coloursOf(file)
  return parts.map((part) =>
    'text' in part ? { text: part.text, colour: null } : { text: part.label, colour: colours[part.rank] ?? null }
  )
}

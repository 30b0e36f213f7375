// Whether a report is as it was written, what it reports, and what of its figures can be computed anew. Reads one file, and writes nothing.
import { isAbsolute } from 'node:path'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { MOST_REPORT_BYTES, type CheckedRun, type ReportCheck, type ReportPartCheck } from '@shared/report-check'
import type { Bounds, DatasetInfo, RunFile } from '@shared/run'
import { MadeByNewer } from '@shared/run-migrations'
import { lossesCsv } from '../export/losses-csv'
import { lossesBeside, runNumberIn } from '../report/attachments'
import { PdfTooLarge, readReport, WHOLE_FILE, type NoReport, type ReadReport } from '../report/read-report'
import { whatWasVaried } from '../report/summary'
import { readRegularFile } from '../system/regular-file'
import { checkExperiment } from './checks'
import { compareBounds } from './compare-bounds'
import { readRunText } from './run-folder'

/** Of a report by its absolute path. Throws LabError `not-found`, `bad-value` of another path, `bad-file` where it is no report. */
export type VerifyReport = (path: string) => Promise<ReportCheck>

export interface ReportVerifierOptions {
  /** Throws LabError where there is no data set of that name. */
  infoOf(dataset: string): Promise<DatasetInfo>
  /** What the data alone says, computed anew; null where that can't be had now. */
  computeBounds(file: RunFile): Promise<Bounds | null>
}

const REPORT = { what: 'The report', missingRemedy: '' }

export function createReportVerifier({ infoOf, computeBounds }: ReportVerifierOptions): VerifyReport {
  async function recompute(run: CheckedRun): Promise<ReportPartCheck[]> {
    const { file, dataProblem } = run
    const title = `data set ${file.dataset.name}`
    if (dataProblem) return [{ part: title, state: 'unknown', detail: sentence(dataProblem) }]
    const data: ReportPartCheck = { part: title, state: 'agrees', detail: `SHA-256 ${file.dataset.sha256}` }
    return [data, ...compareBounds(file, await computeBounds(file))]
  }

  return async (path) => {
    const report = await read(path)
    const { runs, parts } = await readRuns(report, infoOf)
    const recomputed = [...parts]
    for (const run of runs) recomputed.push(...(await recompute(run)).map((part) => named(part, run, runs)))
    return { ...judged(report, recomputed), parts: report.parts, recomputed, runs }
  }
}

/** Throws LabError. */
async function read(path: string): Promise<ReadReport> {
  if (!isAbsolute(path)) {
    throw new LabError('bad-value', 'The path of the report is not usable', { found: path, expected: 'a whole path' })
  }
  const file = await readRegularFile(path, MOST_REPORT_BYTES, REPORT)
  const report = await readReport(file).catch((error: unknown) => {
    if (error instanceof PdfTooLarge) throw tooLarge(path)
    throw error
  })
  if (typeof report === 'string') throw noReport(path, report)
  return report
}

const tooLarge = (path: string) =>
  new LabError('bad-file', `The report ${path} is not usable`, {
    found: 'content that would take too much memory when unpacked',
    expected: 'at most 256 MiB'
  })

function noReport(path: string, why: NoReport): LabError {
  const problem = `${path} is no report that can be verified`
  if (why === 'no-pdf') {
    return new LabError('bad-file', problem, { found: 'a file that is no PDF', expected: 'a report of Bottleneck Lab' })
  }
  if (why === 'no-end') {
    return new LabError('bad-file', problem, {
      found: 'a PDF that was cut short: its end is missing, which tells whether it is a report',
      expected: 'a whole file',
      remedy: 'Copy or download it again'
    })
  }
  return new LabError('bad-file', problem, {
    found: 'a PDF without the digests that reports of Bottleneck Lab bear',
    expected: 'one with them',
    remedy:
      'Another program has written it, or an older version of this one: where its run is there, write the report anew'
  })
}

/** The runs that are attached and can be read, and whether each one's table of losses is what its run.json yields. */
async function readRuns({ attachments }: ReadReport, infoOf: ReportVerifierOptions['infoOf']) {
  const runs: CheckedRun[] = []
  const parts: ReportPartCheck[] = []
  const found = new Set(attachments.map(({ name }) => name).filter((name) => runNumberIn(name) !== null))
  for (const run of [...found].sort((one, other) => (runNumberIn(one) ?? 0) - (runNumberIn(other) ?? 0))) {
    const losses = lossesBeside(run)
    const text = (name: string) => attachments.find((one) => one.name === name)?.content?.toString()
    const content = text(run)
    if (content === undefined) continue // which the parts tell
    try {
      const { file } = readRunText(content, run)
      const dataProblem = await sameData(file, infoOf).then(() => null, toLabErrorData) // prettier-ignore
      runs.push({ file, experiment: whatWasVaried(file), dataProblem })
      parts.push({ part: run, state: 'agrees', detail: 'a whole run file' })
      const table = text(losses)
      if (table !== undefined) parts.push(checkTable({ run, losses }, table, file))
    } catch (error) {
      const state = error instanceof MadeByNewer ? 'unknown' : 'differs'
      const remedy = error instanceof MadeByNewer ? error.data.remedy : ''
      parts.push({ part: run, state, detail: sentence({ ...toLabErrorData(error), remedy }) })
    }
  }
  return { runs, parts }
}

function checkTable({ run, losses }: Record<'run' | 'losses', string>, table: string, file: RunFile): ReportPartCheck {
  if (table === lossesCsv(file)) return { part: losses, state: 'agrees', detail: `the losses of ${run}` }
  return { part: losses, state: 'differs', detail: `other losses than those of ${run}` }
}

/** Throws LabError where the data set is not on this machine, is another, or the experiment does not fit it. Built-in ones are compared as well: a report may be forged. */
async function sameData({ dataset, experiment }: RunFile, infoOf: ReportVerifierOptions['infoOf']): Promise<void> {
  const info = await infoOf(experiment.dataset)
  checkExperiment(experiment, info)
  const { sha256 } = info
  if (sha256 === dataset.sha256) return
  throw new LabError('bad-file', `The data set ${experiment.dataset} here is not the one that the run was trained on`, {
    found: `SHA-256 ${sha256}`,
    expected: `SHA-256 ${dataset.sha256}`
  })
}

/** A part of several runs with the name of its own. */
function named(part: ReportPartCheck, { file }: CheckedRun, runs: readonly CheckedRun[]): ReportPartCheck {
  return runs.length === 1 ? part : { ...part, part: `${part.part} (${file.experiment.name})` }
}

function judged(
  { form, parts }: ReadReport,
  recomputed: readonly ReportPartCheck[]
): Pick<ReportCheck, 'verdict' | 'sentence'> {
  if (form === 'cut') return changed('It was cut short: the end of the file is missing.')
  if (form === 'damaged') {
    return changed(
      'It was changed since it was written: another program has written it anew, or its structure is damaged.'
    )
  }
  const wrong = (list: readonly ReportPartCheck[]) =>
    list.filter(({ state }) => state === 'differs' || state === 'missing')
  const differing = wrong(parts)
  const named = differing.filter(({ part }) => part !== WHOLE_FILE)
  if (named.length > 0) return changed(`It was changed since it was written. What differs: ${inWords(named)}.`)
  if (differing.length > 0) {
    return changed(
      'It was changed since it was written, elsewhere in the file than in its text, pictures and attachments.'
    )
  }
  const contradictions = wrong(recomputed)
  if (contradictions.length === 0)
    return { verdict: 'unchanged', sentence: 'Nothing has changed since it was written.' }
  return {
    verdict: 'contradictory',
    sentence: `Nothing has changed since it was written, and yet figures do not fit. What differs: ${inWords(contradictions)}.`
  }
}

const changed = (sentence: string) => ({ verdict: 'changed' as const, sentence })

const inWords = (parts: readonly ReportPartCheck[]) =>
  parts.map(({ part, state }) => (state === 'missing' ? `${part}, which is missing` : part)).join('; ')

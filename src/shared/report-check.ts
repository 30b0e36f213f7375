// What is said of a report that was looked at again: whether it is as it was written, what it reports, and what of its figures could be computed anew.
import type { LabErrorData } from './errors'
import type { RunFile } from './run'

/** `unknown`: it could not be told, and `detail` says why. */
export type PartState = 'agrees' | 'differs' | 'missing' | 'unknown'

export interface ReportPartCheck {
  /** `text`, `attachment run.json`, `mean image of MNIST`. */
  part: string
  state: PartState
  /** In words: by what it agrees, or what is wrong. */
  detail: string
}

/** `contradictory`: no byte has changed, and yet its figures do not fit one another, or not the data. */
export type ReportVerdict = 'unchanged' | 'changed' | 'contradictory'

export interface ReportCheck {
  verdict: ReportVerdict
  /** The same as a sentence. */
  sentence: string
  /** By the digests in the file. */
  parts: ReportPartCheck[]
  /** By what can be computed again. */
  recomputed: ReportPartCheck[]
  /** Those whose attached run.json could be read. */
  runs: CheckedRun[]
}

export interface CheckedRun {
  file: RunFile
  /** What was trained, as a sentence. */
  experiment: string
  /** Why its data set is not here; null: it is, the same to the last byte. */
  dataProblem: LabErrorData | null
}

export const NO_SIGNATURE =
  'Digests show whether a file has changed since it was written. They do not show who wrote it: a report bears no signature.'

/** Of reports: larger ones are not read. */
export const MOST_REPORT_BYTES = 64 * 2 ** 20

export const stateWords: Readonly<Record<PartState, string>> = {
  agrees: 'agrees',
  differs: 'differs',
  missing: 'missing',
  unknown: 'not known'
}

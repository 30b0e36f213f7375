// The door to the report: it is drawn in a thread of its own, where alone the native library is loaded. Whoever asks goes on answering.
import { LabError } from '@shared/errors'
import { programHere } from '../system/installed-program'
import { onlyMessageOf } from '../system/only-message'
import type { ReportInput } from './report'
import type { ReportAnswer, ReportWork } from './report-worker'

export type DrawReport = (input: ReportInput) => Promise<Uint8Array>

/**
 * Draws a PDF of A4 pages about a run in any state, two to four of them for up to twelve series, with run.json attached, in a thread
 * from the built entry at `workerPath` (out/main/report-worker.js). Takes about a second. Rejects with a LabError, or with the defect
 * itself, whose stack is that of the thread, so that whoever asks can log it.
 */
export function drawInThread(workerPath: string): DrawReport {
  return async (input) => {
    const work: ReportWork = { input, program: programHere() }
    const answer = await onlyMessageOf<ReportAnswer>(workerPath, work, { name: 'The thread that draws the report' })
    if ('error' in answer) throw LabError.from(answer.error)
    return answer.pdf
  }
}

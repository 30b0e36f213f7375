// The door to the report: it is drawn in a thread of its own, where alone the native library is loaded. Whoever asks goes on answering.
import { Worker } from 'node:worker_threads'
import { LabError } from '@shared/errors'
import type { ReportInput } from './report'
import type { ReportAnswer } from './report-worker'

export type DrawReport = (input: ReportInput) => Promise<Uint8Array>

/**
 * Draws a PDF of 2 to 4 A4 pages about a run in any state, with run.json attached, in a thread from the built entry at `workerPath`
 * (out/main/report-worker.js). Takes about a second. Rejects with a LabError.
 */
export function drawInThread(workerPath: string): DrawReport {
  return (input) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerPath, { workerData: input })
      const fail = (reason: string) =>
        reject(
          new LabError('internal', `The report could not be drawn (${reason})`, {
            remedy: 'The log file has the details; Help, Copy diagnostics collects them'
          })
        )
      worker.once('message', (answer: ReportAnswer) => {
        if ('error' in answer) reject(LabError.from(answer.error))
        else resolve(answer.pdf)
      })
      worker.once('error', (error) => fail(error instanceof Error ? error.message : String(error)))
      worker.once('exit', (code) => fail(`its thread ended with code ${code} before it answered`))
    })
}

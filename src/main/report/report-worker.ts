// Entry of the thread that draws one report (built to out/main/report-worker.js): the input comes with it, the answer is its only message.
import { parentPort, workerData } from 'node:worker_threads'
import { LabError, type LabErrorData } from '@shared/errors'
import { drawReport, type ReportInput } from './report'

export interface ReportWork {
  input: ReportInput
  program: string
}
export type ReportAnswer = { pdf: Uint8Array } | { error: LabErrorData }

async function answer({ input, program }: ReportWork): Promise<ReportAnswer> {
  try {
    return { pdf: await drawReport(input, program) }
  } catch (error) {
    if (error instanceof LabError) return { error: error.data }
    throw error
  }
}

/** Not left as a rejection: Electron only warns of those. Uncaught, a defect reaches whoever waits, with its stack. */
const fail = (error: unknown) =>
  setImmediate(() => {
    throw error
  })

void answer(workerData as ReportWork).then((message) => parentPort?.postMessage(message), fail)

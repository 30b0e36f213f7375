// Entry of the thread that draws one report (built to out/main/report-worker.js): the input comes with it, the answer is its only message.
import { parentPort, workerData } from 'node:worker_threads'
import { toLabErrorData, type LabErrorData } from '@shared/errors'
import { drawReport, type ReportInput } from './report'

export type ReportAnswer = { pdf: Uint8Array } | { error: LabErrorData }

async function answer(input: ReportInput): Promise<ReportAnswer> {
  try {
    return { pdf: await drawReport(input) }
  } catch (error) {
    return { error: toLabErrorData(error) }
  }
}

void answer(workerData as ReportInput).then((message) => parentPort?.postMessage(message))

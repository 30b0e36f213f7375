// The door to the report: everything that draws, a native library among it, is loaded when the first report is asked for.
import type { ReportInput } from './report'

/** A PDF of 2 to 4 A4 pages about a run in any state, with run.json attached. Takes about a second of the thread. */
export async function createReport(input: ReportInput): Promise<Uint8Array> {
  const { drawReport } = await import('./report')
  return drawReport(input)
}

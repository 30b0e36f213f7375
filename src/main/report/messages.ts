// What the lab says to the process that draws a report and what it hears back: one message each.
import type { LabErrorData } from '@shared/errors'
import type { ReportInput } from './report'

export interface ReportCommand {
  input: ReportInput
  /** How a command is started here, for the recipe. */
  program: string
}
export type ReportEvent = { pdf: Uint8Array } | { error: LabErrorData } | { defect: Error }

// What the lab says to the process that draws a report, or one figure, and what it hears back: one message each.
import type { LabErrorData } from '@shared/errors'
import type { FigureInput } from './figure'
import type { ReportInput } from './report'

export interface ReportCommand {
  input: ReportInput | FigureInput
  /** How a command is started here, for the recipe. */
  program: string
}
/** `report`: in the form that was asked for. */
export type ReportEvent = { report: Uint8Array } | { error: LabErrorData } | { defect: Error }

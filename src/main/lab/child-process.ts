// The lab's child processes as it sees them, whichever way they were started: `fork` under Node, `utilityProcess` under Electron.
import type { AnalysisCommand, AnalysisEvent } from '../analysis/messages'
import type { ExportCommand, ExportEvent } from '../export/messages'
import type { ReportCommand, ReportEvent } from '../report/messages'
import type { TrainerCommand, TrainerEvent } from '../trainer/messages'

/** How a process ended: its exit code, or the signal that killed it, and what it wrote to stderr. */
export interface ChildExit {
  code: number | null
  signal: string | null
  /** The end of all that it wrote, for the log. */
  stderr: string
  /** What of it was written shortly before the end, which may say why; absent: all. */
  lastWords?: string
}

export interface ChildProcess<Command, Event> {
  readonly pid: number | undefined
  send(command: Command): void
  onEvent(listener: (event: Event) => void): void
  /** Called once, also when the process could not be started. */
  onExit(listener: (exit: ChildExit) => void): void
  kill(): void
}

export type TrainerProcess = ChildProcess<TrainerCommand, TrainerEvent>

/** Starts a trainer from the built entry `out/main/trainer.js`. */
export type SpawnTrainer = () => TrainerProcess

/** Starts an analysis from the built entry `out/main/analysis-process.js`. */
export type SpawnAnalysis = () => ChildProcess<AnalysisCommand, AnalysisEvent>

/** Starts an export from the built entry `out/main/export-process.js`. */
export type SpawnExport = () => ChildProcess<ExportCommand, ExportEvent>

/** Starts the drawing of a report from the built entry `out/main/report-process.js`. */
export type SpawnReport = () => ChildProcess<ReportCommand, ReportEvent>

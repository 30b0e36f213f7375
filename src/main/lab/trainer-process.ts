// The trainer process as the lab sees it, whichever way it was started: `fork` under Node, `utilityProcess` under Electron.
import type { TrainerCommand, TrainerEvent } from '../trainer/messages'

/** How a process ended: its exit code, or the signal that killed it, and the last lines it wrote to stderr. */
export interface TrainerExit {
  code: number | null
  signal: string | null
  stderr: string
}

export interface TrainerProcess {
  readonly pid: number | undefined
  send(command: TrainerCommand): void
  onEvent(listener: (event: TrainerEvent) => void): void
  /** Called once, also when the process could not be started. */
  onExit(listener: (exit: TrainerExit) => void): void
  kill(): void
}

/** Starts a trainer from the built entry `out/main/trainer.js`. */
export type SpawnTrainer = () => TrainerProcess

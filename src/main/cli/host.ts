// What the command line needs from whoever starts it: the lab, two streams and the user's interrupts.
import type { Lab } from '../lab/lab'

/** A stream that may be a terminal. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined
}

export interface CliHost {
  /** Called once, by commands that need the lab. */
  createLab(): Lab
  /** The built interface, `out/renderer`. */
  rendererFolder: string
  version: string
  /** Results, for people or as JSON lines. */
  stdout: Output
  /** Progress and errors. */
  stderr: Output
  /** Calls `listener` at each Ctrl-C and each polite request to end, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process without waiting for anything. */
  endNow(code: number): void
}

/** The host of this very process. */
export function processHost(parts: Pick<CliHost, 'createLab' | 'rendererFolder' | 'version'>): CliHost {
  process.stdout.on('error', endWhenUnread)
  process.stderr.on('error', endWhenUnread)
  return {
    ...parts,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.removeListener(signal, listener)
      }
    },
    endNow: (code) => process.exit(code)
  }
}

/** `lab runs | head -1`: the reader has seen enough. */
function endWhenUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

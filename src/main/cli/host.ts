// What the command line needs from whoever starts it: the lab, two streams and the user's interrupts.
import { writeSync } from 'node:fs'
import { CLONE_PROGRAM } from '@shared/command-line'
import { sentence, toLabErrorData } from '@shared/errors'
import type { Lab } from '../lab/lab'
import { installedProgram } from '../system/installed-program'
import type { Log } from '../system/log'
import { systemReason } from '../system/system-error'

/** A stream that may be a terminal. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined
}

export interface CliHost {
  /** How the user starts a command, for hints: `npm run -s lab --` in a clone. */
  program: string
  /** Called once, by commands that need the lab. */
  createLab(): Lab
  log: Log
  /** The built interface, `out/renderer`. */
  rendererFolder: string
  version: string
  /** Results, for people or as JSON lines. */
  stdout: Output
  /** Progress and errors. */
  stderr: Output
  /** Calls `listener` at each Ctrl-C, at each polite request to end, and once when the output can't be written, on a full disk say; until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process without waiting for anything. */
  endNow(code: number): void
}

const FAILED = 1
const STDERR = 2

/** The host of this very process. */
export function processHost(parts: Pick<CliHost, 'createLab' | 'log' | 'rendererFolder' | 'version'>): CliHost {
  const listeners = new Set<() => void>()
  const heard = { signal: false, lostOutput: false }

  /**
   * A reader that has had enough (`| head -1`) ends nothing: what prints has printed, a training and a server go on without it. Output
   * that fails otherwise stops a run as Ctrl-C does; who has sent Ctrl-C does not want it twice.
   */
  function loseOutput(error: NodeJS.ErrnoException): void {
    if (heard.lostOutput || error.code === 'EPIPE') return
    heard.lostOutput = true
    failOutput(error)
    if (!heard.signal) for (const listener of listeners) listener()
    if (listeners.size === 0) process.exit(FAILED)
  }
  process.stdout.on('error', loseOutput)
  process.stderr.on('error', loseOutput)
  process.on('uncaughtException', (error) => {
    parts.log.error('The command line failed', error)
    sayAtOnce(sentence(toLabErrorData(error)))
    process.exit(FAILED)
  })
  return {
    ...parts,
    program: programName(),
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt(listener) {
      const hear = () => {
        heard.signal = true
        listener()
      }
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const signal of signals) process.on(signal, hear)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        for (const signal of signals) process.removeListener(signal, hear)
      }
    },
    endNow: (code) => process.exit(code)
  }
}

/** npm names the script that it runs; a packaged application is its own program. */
export function programName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.npm_lifecycle_event === 'lab' ? CLONE_PROGRAM : (installedProgram() ?? 'lab')
}

/** Output that can't be written, on a full disk say, is a failure however the command ends. */
function failOutput(error: NodeJS.ErrnoException): void {
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : `found ${systemReason(error).found}`
  sayAtOnce(`The output could not be written: ${reason}.`)
  process.once('exit', () => (process.exitCode = FAILED))
}

function sayAtOnce(line: string): void {
  try {
    writeSync(STDERR, `${line}\n`)
  } catch {
    return // stderr is what can't be written
  }
}

// Starts the lab's child processes as plain Node children. Under Electron, execPath is Electron itself: desktop/spawn.ts does it there.
import { fork } from 'node:child_process'
import { inspectorArguments } from '../system/inspector'
import { stderrTail } from '../system/stderr-tail'
import { trainerEnvironment } from '../system/trainer-environment'
import type { AnalysisCommand, AnalysisEvent } from '../analysis/messages'
import type { ExportCommand, ExportEvent } from '../export/messages'
import type { ReportCommand, ReportEvent } from '../report/messages'
import type { TrainerCommand, TrainerEvent } from '../trainer/messages'
import type { ChildProcess, SpawnAnalysis, SpawnExport, SpawnReport, SpawnTrainer, ChildExit } from './child-process'

const STDERR_MILLISECONDS = 500 // what a dead process wrote is read until then

/** A SpawnTrainer that starts the built entry at `path` with this Node. */
export function forkTrainer(path: string, args: readonly string[] = []): SpawnTrainer {
  return () => forkEntry<TrainerCommand, TrainerEvent>(path, args, inspectorArguments())
}

/** A SpawnAnalysis that starts the built entry at `path` with this Node. */
export function forkAnalysis(path: string): SpawnAnalysis {
  return () => forkEntry<AnalysisCommand, AnalysisEvent>(path, [], [])
}

/** A SpawnExport that starts the built entry at `path` with this Node. */
export function forkExport(path: string): SpawnExport {
  return () => forkEntry<ExportCommand, ExportEvent>(path, [], [])
}

/** A SpawnReport that starts the built entry at `path` with this Node. */
export function forkReport(path: string): SpawnReport {
  return () => forkEntry<ReportCommand, ReportEvent>(path, [], [])
}

function forkEntry<Command, Event>(
  path: string,
  args: readonly string[],
  execArgv: string[]
): ChildProcess<Command, Event> {
  const child = fork(path, args, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv,
    env: trainerEnvironment()
  })
  const exitListeners: ((exit: ChildExit) => void)[] = []
  const stderr = stderrTail(child.stderr)
  let forkProblem = ''
  const ended = (code: number | null, signal: string | null) => {
    const exit = { code, signal, stderr: stderr.all() || forkProblem, lastWords: stderr.lastWords() || forkProblem }
    for (const listener of exitListeners.splice(0)) listener(exit)
  }
  child.once('error', (error) => {
    forkProblem = error.message
    if (child.pid === undefined) ended(null, null)
  })
  child.once('close', ended)
  child.once('exit', (code, signal) => setTimeout(() => ended(code, signal), STDERR_MILLISECONDS).unref())
  return {
    pid: child.pid,
    send: (command) => {
      if (child.connected) child.send(command as object, () => undefined) // one that has just ended says so by its exit
    },
    onEvent: (listener) => {
      child.on('message', (event) => listener(event as Event))
    },
    onExit: (listener) => {
      exitListeners.push(listener)
    },
    kill: () => {
      child.kill('SIGKILL')
    }
  }
}

// Starts the lab's child processes as Electron's utility processes: Node without a window, apart from the main process.
import { app, utilityProcess, type Details, type UtilityProcess } from 'electron'
import type { AnalysisCommand, AnalysisEvent } from '../analysis/messages'
import type { ExportCommand, ExportEvent } from '../export/messages'
import type { ReportCommand, ReportEvent } from '../report/messages'
import { inspectorArguments } from '../system/inspector'
import { stderrTail } from '../system/stderr-tail'
import { trainerEnvironment } from '../system/trainer-environment'
import type { TrainerCommand, TrainerEvent } from '../trainer/messages'
import type { ChildProcess, SpawnAnalysis, SpawnExport, SpawnReport, SpawnTrainer } from '../lab/child-process'

/** The names under which Electron reports the processes when they are gone. */
export const TRAINER_SERVICE = 'Bottleneck Lab trainer'
const ANALYSIS_SERVICE = 'Bottleneck Lab analysis'
const EXPORT_SERVICE = 'Bottleneck Lab export'
const REPORT_SERVICE = 'Bottleneck Lab report'

/** A SpawnTrainer that starts the built entry at `path`, and then `connect` gives it a GPU. Only usable once the application is ready. */
export function utilityTrainer(path: string, connect: (trainer: UtilityProcess) => void): SpawnTrainer {
  const start = utilityEntry<TrainerCommand, TrainerEvent>(path, TRAINER_SERVICE)
  return () => {
    const { child, process } = start(inspectorArguments())
    connect(child)
    return process
  }
}

/** A SpawnAnalysis that starts the built entry at `path`. Only usable once the application is ready. */
export function utilityAnalysis(path: string): SpawnAnalysis {
  const start = utilityEntry<AnalysisCommand, AnalysisEvent>(path, ANALYSIS_SERVICE)
  return () => start([]).process
}

/** A SpawnExport that starts the built entry at `path`. Only usable once the application is ready. */
export function utilityExport(path: string): SpawnExport {
  const start = utilityEntry<ExportCommand, ExportEvent>(path, EXPORT_SERVICE)
  return () => start([]).process
}

/** A SpawnReport that starts the built entry at `path`. Only usable once the application is ready. */
export function utilityReport(path: string): SpawnReport {
  const start = utilityEntry<ReportCommand, ReportEvent>(path, REPORT_SERVICE)
  return () => start([]).process
}

function utilityEntry<Command, Event>(path: string, serviceName: string) {
  // A killed process may report exit code 0; only this event, which comes first, tells that it was killed.
  const last: { reason: Details['reason'] } = { reason: 'clean-exit' }
  app.on('child-process-gone', (_event, { name, reason }) => {
    if (name === serviceName) last.reason = reason
  })
  return (inspector: string[]): { child: UtilityProcess; process: ChildProcess<Command, Event> } => {
    last.reason = 'clean-exit'
    const execArgv = app.isPackaged ? [] : inspector
    const child = utilityProcess.fork(path, [], { serviceName, stdio: 'pipe', env: trainerEnvironment(), execArgv })
    child.stdout?.resume()
    const stderr = stderrTail(child.stderr)
    const process: ChildProcess<Command, Event> = {
      get pid() {
        return child.pid
      },
      send: (command) => child.postMessage(command),
      onEvent: (listener) => {
        child.on('message', listener)
      },
      onExit: (listener) => {
        // What the process last wrote may still be on its way when it ends.
        child.once('exit', (code) =>
          setImmediate(() => {
            const signal = last.reason === 'killed' ? 'SIGKILL' : null
            const isOutOfMemory = last.reason === 'oom'
            listener({
              code,
              signal,
              stderr: stderr.all(),
              lastWords: isOutOfMemory ? 'Out of memory' : stderr.lastWords()
            })
          })
        )
      },
      kill: () => {
        if (child.pid === undefined) child.kill()
        else killNow(child.pid)
      }
    }
    return { child, process }
  }
}

/** A trainer that hangs in native code answers no polite request. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return // it has ended meanwhile
  }
}

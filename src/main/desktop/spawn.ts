// Starts the trainer as Electron's utility process: Node without a window, apart from the main process.
import { setPriority } from 'node:os'
import { app, utilityProcess, type Details, type UtilityProcess } from 'electron'
import { inspectorArguments } from '../system/inspector'
import { stderrTail } from '../system/stderr-tail'
import { trainerEnvironment } from '../system/trainer-environment'
import type { SpawnTrainer } from '../lab/trainer-process'

/** The name under which Electron reports the process when it is gone. */
export const TRAINER_SERVICE = 'Bottleneck Lab trainer'

/** As `nice` counts: Linux and macOS know it, Windows takes it for normal. The engine’s threads begin later and inherit it. */
const BEHIND_THE_WINDOW = 5

/** A SpawnTrainer that starts the built entry at `path`, and then `connect` gives it a GPU. Only usable once the application is ready. */
export function utilityTrainer(path: string, connect: (trainer: UtilityProcess) => void): SpawnTrainer {
  // A killed process may report exit code 0; only this event, which comes first, tells that it was killed.
  const last: { reason: Details['reason'] } = { reason: 'clean-exit' }
  app.on('child-process-gone', (_event, { name, reason }) => {
    if (name === TRAINER_SERVICE) last.reason = reason
  })
  return () => {
    last.reason = 'clean-exit'
    const env = trainerEnvironment()
    const execArgv = app.isPackaged ? [] : inspectorArguments()
    const child = utilityProcess.fork(path, [], { serviceName: TRAINER_SERVICE, stdio: 'pipe', env, execArgv })
    child.once('spawn', () => yieldToWindow(child.pid))
    connect(child)
    child.stdout?.resume()
    const stderr = stderrTail(child.stderr)
    return {
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
          setImmediate(() => listener({ code, signal: last.reason === 'killed' ? 'SIGKILL' : null, stderr: stderr() }))
        )
      },
      kill: () => {
        if (child.pid === undefined) child.kill()
        else killNow(child.pid)
      }
    }
  }
}

/** The window's processes go before the trainer's, which works all the time: what a user does is answered at once. */
function yieldToWindow(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, BEHIND_THE_WINDOW)
  } catch {
    return // a system that does not allow it trains all the same
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

// Starts the trainer as a plain Node child. Under Electron, execPath is Electron itself: desktop/spawn.ts does it there.
import { fork } from 'node:child_process'
import { inspectorArguments } from '../system/inspector'
import { stderrTail } from '../system/stderr-tail'
import { trainerEnvironment } from '../system/trainer-environment'
import type { TrainerEvent } from '../trainer/messages'
import type { SpawnTrainer, TrainerExit } from './trainer-process'

const STDERR_MILLISECONDS = 500 // what a dead process wrote is read until then

/** A SpawnTrainer that starts the built entry at `path` with this Node. */
export function forkTrainer(path: string, args: readonly string[] = []): SpawnTrainer {
  return () => {
    const child = fork(path, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: inspectorArguments(),
      env: trainerEnvironment()
    })
    const exitListeners: ((exit: TrainerExit) => void)[] = []
    const stderr = stderrTail(child.stderr)
    let forkProblem = ''
    const ended = (code: number | null, signal: string | null) => {
      for (const listener of exitListeners.splice(0)) listener({ code, signal, stderr: stderr() || forkProblem })
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
        if (child.connected) child.send(command, () => undefined) // one that has just ended says so by its exit
      },
      onEvent: (listener) => {
        child.on('message', (event) => listener(event as TrainerEvent))
      },
      onExit: (listener) => {
        exitListeners.push(listener)
      },
      kill: () => {
        child.kill('SIGKILL')
      }
    }
  }
}

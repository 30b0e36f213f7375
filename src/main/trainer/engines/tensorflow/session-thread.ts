// The thread in which TensorFlow works, so that the trainer's own stays free: there while sessions are open.
import { Worker } from 'node:worker_threads'
import { LabError, messageOf } from '@shared/errors'
import type { EngineSession } from '../engine'
import { connectSessions, type RemoteJob, type RemoteSessions } from '../remote-session'

/** What the thread is started with. */
export interface ThreadData {
  /** The npm package to load. */
  packageFolder: string
}

interface Thread {
  worker: Worker
  sessions: RemoteSessions<object>
  open: number
}

/** Opens sessions in one thread, which runs the built entry at `workerPath` and ends with the last of them. */
export function createSessionThread(workerPath: string) {
  let thread: Thread | null = null

  function start(data: ThreadData): Thread {
    const worker = new Worker(workerPath, { workerData: data })
    const sessions = connectSessions({
      send: (message) => worker.postMessage(message),
      onMessage: (listener) => worker.on('message', listener)
    })
    const started: Thread = { worker, sessions, open: 0 }
    const endWith = (reason: string) => {
      if (thread === started) thread = null
      const remedy = 'Continue the run: it goes on after its last complete epoch'
      sessions.end(new LabError('trainer-crashed', `TensorFlow’s thread ended unexpectedly (${reason})`, { remedy }))
    }
    worker.on('error', (error) => endWith(messageOf(error)))
    worker.on('exit', (code) => endWith(`exit code ${code}`))
    return started
  }

  async function leave(left: Thread): Promise<void> {
    if (--left.open > 0) return
    if (thread === left) thread = null
    await left.worker.terminate()
  }

  return {
    /** Rejects with a LabError. */
    async open(data: ThreadData, job: RemoteJob): Promise<EngineSession> {
      const own = (thread ??= start(data))
      own.open++
      try {
        const session = await own.sessions.open(job)
        return { ...session, close: () => session.close().finally(() => leave(own)) }
      } catch (error) {
        await leave(own)
        throw error
      }
    }
  }
}

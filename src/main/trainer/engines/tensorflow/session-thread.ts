// A TensorFlow session in a worker thread of its own, so that the trainer's thread stays free.
import { Worker } from 'node:worker_threads'
import { LabError, messageOf } from '@shared/errors'
import type { EngineSession } from '../engine'
import { connectSessions, type RemoteJob } from '../remote-session'

/** What the thread is started with. */
export interface ThreadData {
  /** The npm package to load. */
  packageFolder: string
}

/** Opens a session in a thread that runs the built entry at `workerPath`. Rejects with a LabError. */
export async function openInThread(workerPath: string, data: ThreadData, job: RemoteJob): Promise<EngineSession> {
  const worker = new Worker(workerPath, { workerData: data })
  const sessions = connectSessions({
    send: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener)
  })
  const endWith = (reason: string) =>
    sessions.end(
      new LabError('trainer-crashed', `TensorFlow’s thread ended unexpectedly (${reason})`, {
        remedy: 'Continue the run: it goes on after its last complete epoch'
      })
    )
  worker.on('error', (error) => endWith(messageOf(error)))
  worker.on('exit', (code) => endWith(`exit code ${code}`))
  try {
    const session = await sessions.open(job)
    return { ...session, close: () => session.close().finally(() => worker.terminate()) }
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

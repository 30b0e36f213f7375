// A worker thread that is started with its work and answers with one message.
import { Worker } from 'node:worker_threads'

/**
 * Starts the built entry at `workerPath` and answers with what it posts. Rejects with what the thread throws, with an Error that it
 * ended without an answer (`name` begins that sentence), or, ending the thread, with the reason of an aborted signal.
 */
export function onlyMessageOf<Answer>(
  workerPath: string,
  workerData: unknown,
  { name, signal }: { name: string; signal?: AbortSignal | undefined }
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const worker = new Worker(workerPath, { workerData })
    const cancel = () => {
      reject(signal?.reason as Error)
      void worker.terminate()
    }
    signal?.addEventListener('abort', cancel, { once: true })
    worker.once('message', (answer: Answer) => resolve(answer))
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', cancel)
      reject(new Error(`${name} ended with code ${code} before it answered`))
    })
  })
}

// A training in a worker thread of its own, whichever engine's: calls go in as messages, answers come out, one at a time.
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { LabError, type LabErrorData } from '@shared/errors'
import type { Training } from '../engine'

/** What a thread trains; each call means what it means in Training. */
export type ThreadTraining = Omit<Training, 'stepsPerCall'>

/** A call by name; `open` comes first and is answered when the training stands. */
interface Call {
  id: number
  call: keyof ThreadTraining | 'open'
  argument?: unknown
}

type Answer = { id: number; value: unknown } | { id: number; error: LabErrorData }

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: LabError) => void
}

/** Starts the built thread entry at `workerPath` with `job`. Rejects with a LabError. */
export async function openInThread(workerPath: string, job: unknown): Promise<ThreadTraining> {
  const worker = new Worker(workerPath, { workerData: job })
  const waiting = new Map<number, Waiting>()
  let calls = 0
  let end: LabError | null = null

  const endWith = (reason: string) => {
    end ??= new LabError('trainer-crashed', `A training thread ended unexpectedly (${reason})`, {
      remedy: 'Continue the run: it goes on after its last complete epoch'
    })
    for (const { reject } of waiting.values()) reject(end)
    waiting.clear()
  }
  worker.on('error', (error) => endWith(error instanceof Error ? error.message : String(error)))
  worker.on('exit', (code) => endWith(`exit code ${code}`))
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asked?.reject(LabError.from(answer.error))
    else asked?.resolve(answer.value)
  })

  const ask = <Value>(call: Call['call'], argument?: unknown) =>
    new Promise<Value>((resolve, reject) => {
      if (end) return reject(end)
      const id = calls++
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id, call, argument } satisfies Call)
    })

  try {
    await ask('open')
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    steps: (order) => ask('steps', order),
    evaluate: () => ask('evaluate'),
    measureQuality: () => ask('measureQuality'),
    reconstruct: (indices) => ask('reconstruct', indices),
    save: () => ask('save'),
    load: (states) => ask('load', states),
    async close() {
      try {
        if (!end) await ask('close')
      } finally {
        await worker.terminate()
      }
    }
  }
}

/** The thread's side: opens the training that it was started with and answers calls. Does nothing in a process's first thread. */
export function serveTraining<Job>(
  open: (job: Job) => Promise<ThreadTraining>,
  asLabError: (thrown: unknown) => LabError
): void {
  const port = parentPort
  if (!port) return
  const opening = open(workerData as Job)
  // Told again to whoever asks; without this a failed opening would end the thread before the question comes.
  opening.catch(() => undefined)
  port.on('message', async ({ id, call, argument }: Call) => {
    try {
      const training = await opening
      const method = call === 'open' ? undefined : (training[call] as (argument: unknown) => Promise<unknown>)
      port.postMessage({ id, value: await method?.(argument) } satisfies Answer)
    } catch (error) {
      port.postMessage({ id, error: asLabError(error).data } satisfies Answer)
    }
  })
}

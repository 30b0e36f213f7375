// A worker thread that is asked by messages and answers each: what asks and what answers agree on the messages among themselves.
import { Worker } from 'node:worker_threads'
import { LabError, messageOf, type LabErrorData } from '@shared/errors'

/** What a thread answers to the call of this number. */
export type Answer = { id: number; value: unknown } | { id: number; error: LabErrorData }

export interface Thread {
  /** Sends a call and answers with its value. Rejects with the LabError that the thread tells, or that tells of the thread's end. */
  ask<Value>(call: object): Promise<Value>
  hasEnded(): boolean
  /** Whether this process waits for the thread before it ends; it does from the start. */
  hold(whether: boolean): void
  /** Ends the thread; calls still waiting are rejected. */
  terminate(): Promise<void>
}

/** Starts the built entry at `workerPath`. `name`: what it is to people, as the start of a sentence. */
export function startThread(workerPath: string, workerData: unknown, name: string): Thread {
  const worker = new Worker(workerPath, { workerData })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: LabError) => void }>()
  let calls = 0
  let end: LabError | null = null

  const endWith = (reason: string) => {
    end ??= new LabError('trainer-crashed', `${name} ended unexpectedly (${reason})`, {
      remedy: 'Continue the run: it goes on after its last complete epoch'
    })
    for (const { reject } of waiting.values()) reject(end)
    waiting.clear()
  }
  worker.on('error', (error) => endWith(messageOf(error)))
  worker.on('exit', (code) => endWith(`exit code ${code}`))
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asked?.reject(LabError.from(answer.error))
    else asked?.resolve(answer.value)
  })
  return {
    ask: <Value>(call: object) =>
      new Promise<Value>((resolve, reject) => {
        if (end) return reject(end)
        const id = calls++
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
        worker.postMessage({ ...call, id })
      }),
    hasEnded: () => end !== null,
    hold: (whether) => (whether ? worker.ref() : worker.unref()),
    async terminate() {
      await worker.terminate()
    }
  }
}

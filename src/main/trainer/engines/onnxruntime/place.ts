// Decides where a group runs: in a worker thread, or in the thread that asks (tests). Nothing else of the engine knows.
import { Worker } from 'node:worker_threads'
import { LabError } from '@shared/errors'
import { openGroup, type Group, type GroupJob } from './group'
import type { GroupAnswer, GroupCall } from './worker'

/** In a worker thread of its own, from the built entry out/main/onnxruntime-worker.js, or `here`, in the thread that asks. */
export type Place = { workerPath: string } | 'here'

/** Opens a group in its place. Rejects with a LabError. */
export function openGroupIn(place: Place, job: GroupJob): Promise<Group> {
  return place === 'here' ? openGroup(job) : openThread(place.workerPath, job)
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: LabError) => void
}

async function openThread(workerPath: string, job: GroupJob): Promise<Group> {
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
  worker.on('message', (answer: GroupAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asked?.reject(LabError.from(answer.error))
    else asked?.resolve(answer.value)
  })

  const ask = <Value>(call: GroupCall['call'], argument?: unknown) =>
    new Promise<Value>((resolve, reject) => {
      if (end) return reject(end)
      const id = calls++
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id, call, argument } satisfies GroupCall)
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

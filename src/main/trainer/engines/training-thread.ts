// A training in a worker thread of its own, whichever engine's: calls go in as messages, answers come out, one at a time.
import { parentPort, workerData } from 'node:worker_threads'
import type { LabError } from '@shared/errors'
import type { ModelState, Training } from '../engine'
import { createCollector } from '../../system/collector'
import { memoryOf } from './model-states'
import { startThread, type Answer } from './thread'

/** What a thread trains; each call means what it means in Training. */
export type ThreadTraining = Omit<Training, 'stepsPerCall' | 'turns'>

/** A call by name; `open` comes first and is answered when the training stands. */
interface Call {
  id: number
  call: keyof ThreadTraining | 'open'
  argument?: unknown
}

/** Starts the built thread entry at `workerPath` with `job`. Rejects with a LabError. */
export async function openInThread(workerPath: string, job: unknown): Promise<ThreadTraining> {
  const thread = startThread(workerPath, job, 'A training thread')
  const ask = <Value>(call: Call['call'], argument?: unknown) =>
    thread.ask<Value>({ call, argument } satisfies Omit<Call, 'id'>)
  try {
    await ask('open')
  } catch (error) {
    await thread.terminate()
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
        if (!thread.hasEnded()) await ask('close')
      } finally {
        await thread.terminate()
      }
    }
  }
}

/**
 * Collects what calls of a training leave behind in this thread, each a state. That of an epoch's end has outlived several calls by then
 * and is found by a major collection alone.
 */
export function createCollectorOfCalls(): (call: string) => void {
  const collect = createCollector()
  return (call) => {
    if (call === 'steps') collect('minor')
    if (call === 'save') collect('major')
  }
}

/** The thread's side: opens the training that it was started with and answers calls. Does nothing in a process's first thread. */
export function serveTraining<Job>(
  open: (job: Job) => Promise<ThreadTraining>,
  asLabError: (thrown: unknown) => LabError
): void {
  const port = parentPort
  if (!port) return
  const collectAfter = createCollectorOfCalls()
  const opening = open(workerData as Job)
  // Told again to whoever asks; without this a failed opening would end the thread before the question comes.
  opening.catch(() => undefined)
  port.on('message', async ({ id, call, argument }: Call) => {
    try {
      const training = await opening
      const method = call === 'open' ? undefined : (training[call] as (argument: unknown) => Promise<unknown>)
      const value = await method?.(argument)
      port.postMessage({ id, value } satisfies Answer, call === 'save' ? memoryOf(value as ModelState[]) : [])
      collectAfter(call)
    } catch (error) {
      port.postMessage({ id, error: asLabError(error).data } satisfies Answer)
    }
  })
}

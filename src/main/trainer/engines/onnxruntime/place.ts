// Decides where a group runs: in a worker thread, or in the thread that asks (tests). Nothing else of the engine knows.
import { openGroup, type Group, type GroupJob } from './group'
import { startThread } from './thread'
import type { GroupCall } from './worker'

/** In a worker thread of its own, from the built entry out/main/onnxruntime-worker.js, or `here`, in the thread that asks. */
export type Place = { workerPath: string } | 'here'

/** Opens a group in its place. Rejects with a LabError. */
export function openGroupIn(place: Place, job: GroupJob): Promise<Group> {
  return place === 'here' ? openGroup(job) : openThread(place.workerPath, job)
}

async function openThread(workerPath: string, job: GroupJob): Promise<Group> {
  const thread = startThread(workerPath, job, 'A training thread')
  const ask = <Value>(call: GroupCall['call'], argument?: unknown) =>
    thread.ask<Value>({ call, argument } satisfies Omit<GroupCall, 'id'>)
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

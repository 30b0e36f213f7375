// Decides where a group runs: in a worker thread, or in the thread that asks (tests). Nothing else of the engine knows.
import { openInThread } from '../training-thread'
import { openGroups, type Group, type GroupJob } from './group'

/** In a worker thread of its own, from the built entry out/main/onnxruntime-worker.js, or `here`, in the thread that asks. */
export type Place = { workerPath: string } | 'here'

/** Opens a group in its place. Rejects with a LabError. */
export function openGroupIn(place: Place, job: GroupJob): Promise<Group> {
  return place === 'here' ? openGroups(job) : openInThread(place.workerPath, job)
}

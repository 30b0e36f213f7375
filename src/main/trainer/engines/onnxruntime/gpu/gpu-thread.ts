// The one thread in which all GPU work of this process is done, one call after another: two sessions at once on a GPU crash.
import type { Group } from '../group'
import type { Place } from '../place'
import { startThread, type Thread } from '../../thread'
import { openGpuGroups, type GpuJob } from './gpu-group'
import type { GpuCall } from './gpu-worker'
import { probe } from './probe'
import type { Provider } from './provider'

export interface GpuThread {
  /** Does nothing if the GPU computes. Rejects with a LabError `device-unavailable` or `not-supported`. */
  probe(provider: Provider): Promise<void>
  /** Opens a training. Rejects as probe does, or with `out-of-memory`. */
  open(job: GpuJob, provider: Provider): Promise<Group>
}

/** What the device holds between trainings (compiled programs, buffers) is worth keeping from a measurement to the run after it. */
const IDLE_MILLISECONDS = 30_000

/** GPU work in a thread of its own, which ends when nobody has used it for a while, or `here`, in the thread that asks. */
export function createGpuThread(place: Place): GpuThread {
  if (place === 'here') return { probe, open: (job, provider) => openGpuGroups(job, provider) }
  const { workerPath } = place
  let current: { thread: Thread; users: number; idle?: NodeJS.Timeout } | null = null

  /** The thread for one more user, and what that user calls in the end. */
  function enter() {
    if (!current || current.thread.hasEnded()) {
      current = { thread: startThread(workerPath, 'gpu', 'The thread that works on the GPU'), users: 0 }
    }
    const own = current
    own.users++
    clearTimeout(own.idle)
    own.thread.hold(true)
    const ask = <Value>(call: Omit<GpuCall, 'id'>) => own.thread.ask<Value>(call)
    function leave(): void {
      own.users--
      if (own.users > 0) return
      own.thread.hold(false)
      own.idle = setTimeout(() => {
        if (current === own) current = null
        void own.thread.terminate()
      }, IDLE_MILLISECONDS).unref()
    }
    return { ask, leave, hasEnded: () => own.thread.hasEnded() }
  }

  return {
    async probe(provider) {
      const { ask, leave } = enter()
      await ask({ call: 'probe', argument: provider }).finally(leave)
    },
    async open(job, provider) {
      const { ask, leave, hasEnded } = enter()
      try {
        const training = await ask<number>({ call: 'open', argument: { job, provider } })
        const on = <Value>(call: keyof Group, argument?: unknown) => ask<Value>({ call, argument, training })
        return {
          steps: (order) => on('steps', order),
          evaluate: () => on('evaluate'),
          measureQuality: () => on('measureQuality'),
          reconstruct: (indices) => on('reconstruct', indices),
          save: () => on('save'),
          load: (states) => on('load', states),
          close: () => (hasEnded() ? Promise.resolve() : on<void>('close')).finally(leave)
        }
      } catch (error) {
        leave()
        throw error
      }
    }
  }
}

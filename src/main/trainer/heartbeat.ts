// Signals the lab every second that the trainer lives, and falls silent while the engine does not answer.
import type { WorkingClock } from './working-clock'

export interface Heartbeat {
  /** Signals on for `patienceSeconds` of working time while `call` is on its way, then is silent until it has answered. */
  during<T>(patienceSeconds: number, call: () => Promise<T>): Promise<T>
}

const SECOND = 1000

/** Starts to call `signal` every second, until one of the calls under way is out of patience. */
export function startHeartbeat(signal: () => void, now: WorkingClock): Heartbeat {
  const underWay = new Set<{ silentFrom: number }>()
  setInterval(() => {
    const time = now()
    if ([...underWay].every(({ silentFrom }) => time < silentFrom)) signal()
  }, SECOND)
  return {
    async during(patienceSeconds, call) {
      const own = { silentFrom: now() + patienceSeconds * SECOND }
      underWay.add(own)
      try {
        return await call()
      } finally {
        underWay.delete(own)
      }
    }
  }
}

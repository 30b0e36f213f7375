// Signals the lab every second that the trainer lives, and falls silent while the engine does not answer.

export interface Heartbeat {
  /** Signals on for `patienceSeconds` while `call` is on its way, then is silent until it has answered. */
  during<T>(patienceSeconds: number, call: () => Promise<T>): Promise<T>
}

const SECOND = 1000

/** Starts to call `signal` every second, until one of the calls under way is out of patience. */
export function startHeartbeat(signal: () => void): Heartbeat {
  const underWay = new Set<{ silentFrom: number }>()
  setInterval(() => {
    const now = performance.now()
    if ([...underWay].every(({ silentFrom }) => now < silentFrom)) signal()
  }, SECOND)
  return {
    async during(patienceSeconds, call) {
      const own = { silentFrom: performance.now() + patienceSeconds * SECOND }
      underWay.add(own)
      try {
        return await call()
      } finally {
        underWay.delete(own)
      }
    }
  }
}

// Tells the lab every second that the trainer lives, and falls silent while the engine does not answer.

export interface Heartbeat {
  /** Beats on for `patienceSeconds` while `call` is on its way, then is silent until it has answered. */
  during<T>(patienceSeconds: number, call: () => Promise<T>): Promise<T>
}

const SECOND = 1000

/** Starts to call `beat` every second. Calls of `during` must not overlap. */
export function startHeartbeat(beat: () => void): Heartbeat {
  let silentFrom = Infinity
  setInterval(() => {
    if (performance.now() < silentFrom) beat()
  }, SECOND)
  return {
    async during(patienceSeconds, call) {
      silentFrom = performance.now() + patienceSeconds * SECOND
      try {
        return await call()
      } finally {
        silentFrom = Infinity
      }
    }
  }
}

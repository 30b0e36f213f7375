// The time of day, which a user or the network may set back, as a clock that never goes back.

/** What the clock is made of, in milliseconds; replaced by tests. */
export interface DaySources {
  /** Since 1970, as it is set. */
  day(): number
  /** Monotonic; may stand still while the machine sleeps. */
  elapsed(): number
}

/** A clock of ISO 8601 in UTC that begins now, and not before `earliest` (ISO 8601; no date counts as none). */
export function forwardClock(earliest: string, { day, elapsed }: DaySources = system): () => string {
  const began = Math.max(day(), Date.parse(earliest) || 0)
  const from = elapsed()
  let latest = began
  return () => {
    latest = Math.max(latest, day(), began + elapsed() - from)
    return new Date(latest).toISOString()
  }
}

const system: DaySources = { day: () => Date.now(), elapsed: () => performance.now() }

// Whether somebody whom no process number reaches is still there: by a sign of life that changes while it is. No clock but our own is asked.

/** How often an owner gives a sign of life. */
export const SIGN_MILLISECONDS = 5_000
/** Without one for so long an owner counts as gone. */
export const LEASE_MILLISECONDS = 6 * SIGN_MILLISECONDS

export interface LeaseWatch {
  /** Notes what `token`'s owner shows now. `new` at the first look, `changed` if it showed something else before; `gone` if it has stood still for a lease. */
  look(token: string, sign: string): 'new' | 'changed' | 'still' | 'gone'
}

/** `now` in milliseconds, monotonic. */
export function createLeaseWatch(now: () => number = () => performance.now()): LeaseWatch {
  const seen = new Map<string, { sign: string; lookedAt: number; still: number }>()
  return {
    look(token, sign) {
      const at = now()
      const last = seen.get(token)
      if (last?.sign !== sign) {
        seen.set(token, { sign, lookedAt: at, still: 0 })
        return last ? 'changed' : 'new'
      }
      // A look counts for one sign at most: who slept between two of them has not watched.
      last.still += Math.min(at - last.lookedAt, SIGN_MILLISECONDS)
      last.lookedAt = at
      return last.still >= LEASE_MILLISECONDS ? 'gone' : 'still'
    }
  }
}

// How many batches a call of `steps` should hold: calls of much the same length, so that pause and stop are obeyed between them.

const DEFAULT_MILLISECONDS = 50
const FIRST_CALL_STEPS = 4
const MOST_STEPS = 1000

export interface CallLength {
  readonly stepsPerCall: number
  /** Tells of a call that has just ended: when it was asked for (`performance.now`) and how many steps it took. */
  ended(asked: number, steps: number): void
}

/** Aims at calls of `milliseconds`. Follows the measured time of a step, at most doubling from call to call: the first calls also warm caches up. */
export function createCallLength(milliseconds = DEFAULT_MILLISECONDS): CallLength {
  let stepsPerCall = FIRST_CALL_STEPS
  let lastEnded = 0
  return {
    get stepsPerCall() {
      return stepsPerCall
    },
    ended(asked, steps) {
      const now = performance.now()
      const stepMilliseconds = (now - Math.max(asked, lastEnded)) / steps
      const wanted = Math.round(milliseconds / Math.max(stepMilliseconds, milliseconds / MOST_STEPS))
      stepsPerCall = Math.max(1, Math.min(wanted, 2 * stepsPerCall))
      lastEnded = now
    }
  }
}

// How many batches a call of `steps` should hold: calls of much the same length, so that pause and stop are obeyed between them.

const DEFAULT_MILLISECONDS = 50
const FIRST_CALL_STEPS = 4
const MOST_STEPS = 1000
/** A run of many steps may take so many times as long as a call should: step by step they take longer still. */
const PATIENCE = 4
/** So many calls that are too long one after another are no accident; the first also compiles what it runs. */
const TOO_LONG_CALLS = 2

export interface CallLength {
  readonly stepsPerCall: number
  /** Tells of a call that has just ended: when it was asked for (`performance.now`) and how many steps it took. */
  ended(asked: number, steps: number): void
}

/**
 * Aims at calls of `milliseconds`. Follows the measured time of a step, at most doubling from call to call: the first calls also warm
 * caches up. Where an engine takes `stepsAtOnce` steps in one run, calls are whole runs, unless a single one takes far too long; other
 * calls, as at an epoch's end, tell nothing of their speed.
 */
export function createCallLength(milliseconds = DEFAULT_MILLISECONDS, stepsAtOnce = 1): CallLength {
  let atOnce = stepsAtOnce
  let stepsPerCall = Math.max(FIRST_CALL_STEPS, atOnce)
  let tooLong = 0
  let lastEnded = 0
  return {
    get stepsPerCall() {
      return stepsPerCall
    },
    ended(asked, steps) {
      const now = performance.now()
      const stepMilliseconds = (now - Math.max(asked, lastEnded)) / steps
      lastEnded = now
      if (steps % atOnce !== 0) return
      tooLong = stepMilliseconds * atOnce > PATIENCE * milliseconds ? tooLong + 1 : 0
      if (tooLong >= TOO_LONG_CALLS) atOnce = 1
      const wanted = Math.round(milliseconds / Math.max(stepMilliseconds, milliseconds / MOST_STEPS))
      stepsPerCall = Math.max(atOnce, Math.min(wanted - (wanted % atOnce), 2 * stepsPerCall))
    }
  }
}

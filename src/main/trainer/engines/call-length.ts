// How many batches a call of `steps` should hold: calls of much the same length, so that pause and stop are obeyed between them.

const DEFAULT_MILLISECONDS = 50
const FIRST_CALL_STEPS = 4
const MOST_STEPS = 1000
/** Many steps are tried in one run if one by one they take no longer: of a slower device nothing would be heard for too long. */
const MOST_TRIED_MILLISECONDS = 2000
/** A run of many steps may take so many times as long as a call should: step by step they take longer still. */
const PATIENCE = 4
/** So many runs that are too long one after another are no accident; the first also compiles. */
const TOO_LONG_CALLS = 2

export interface CallLength {
  readonly stepsPerCall: number
  /**
   * Tells of a call that has just ended: when it was asked for (`performance.now`) and how many steps it took. `alone`: false if it had
   * to wait for other work than steps, so that its time tells nothing.
   */
  ended(asked: number, steps: number, alone?: boolean): void
}

/**
 * Aims at calls of `milliseconds`. Follows the measured time of a step, at most doubling from call to call: the first calls also warm
 * caches up. Where an engine takes `stepsAtOnce` steps in one run, calls are whole runs once a single step was measured, unless a run
 * takes far too long; calls that are no whole runs, as at an epoch's end, then tell nothing of their speed.
 */
export function createCallLength(milliseconds = DEFAULT_MILLISECONDS, stepsAtOnce = 1): CallLength {
  let isTrial = stepsAtOnce > 1
  let atOnce = 1
  let stepsPerCall = isTrial ? 1 : FIRST_CALL_STEPS
  let tooLong = 0
  let lastEnded = 0

  function endTrial(stepMilliseconds: number): void {
    isTrial = false
    if (stepMilliseconds * stepsAtOnce <= MOST_TRIED_MILLISECONDS) atOnce = stepsAtOnce
    stepsPerCall = atOnce
  }

  return {
    get stepsPerCall() {
      return stepsPerCall
    },
    ended(asked, steps, alone = true) {
      const now = performance.now()
      const stepMilliseconds = (now - Math.max(asked, lastEnded)) / steps
      lastEnded = now
      if (!alone || steps % atOnce !== 0) return
      if (isTrial) return endTrial(stepMilliseconds)
      tooLong = stepMilliseconds * atOnce > PATIENCE * milliseconds ? tooLong + 1 : 0
      if (tooLong >= TOO_LONG_CALLS) atOnce = 1
      const wanted = Math.round(milliseconds / Math.max(stepMilliseconds, milliseconds / MOST_STEPS))
      stepsPerCall = Math.max(atOnce, Math.min(wanted - (wanted % atOnce), 2 * stepsPerCall))
    }
  }
}

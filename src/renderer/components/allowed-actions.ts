// What can be done to a run: which buttons and keys its state allows.
import { epochsDone, isActive, isUnmeasured, type RunState, type RunView } from '@shared/run'

/** What besides the run decides. */
export interface Circumstances {
  /** Whether there is a connection to the lab. */
  isReachable: boolean
  /** False where it is known that nothing is left to go on from. */
  isContinuable: boolean
}

/**
 * A finished run that is not measured is continued to measure it. A run whose loss diverged would diverge again: it is changed, not
 * continued. Who trains it, steers it.
 */
export function allowedActions(view: RunView, { isReachable, isContinuable }: Circumstances) {
  const { state, file, owner } = view
  const is = (...states: RunState[]) => states.includes(state)
  const isOurs = isReachable && owner === null
  const diverged = file.error?.kind === 'diverged'
  const mayGoOn = is('stopped', 'interrupted') || (is('failed') && !diverged) || (is('finished') && isUnmeasured(file))
  return {
    pause: isOurs && is('running'),
    resume: isOurs && is('paused'),
    stop: isOurs && is('preparing', 'running', 'paused'),
    unqueue: isOurs && is('queued'),
    continue: isOurs && isContinuable && mayGoOn,
    duplicate: is('stopped', 'interrupted', 'failed', 'finished'),
    delete: isReachable && !isActive(state),
    export: isReachable && epochsDone(file) > 0
  }
}

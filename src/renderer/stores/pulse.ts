// The beat to which the page shows what changes all the time: beside a training, every layout and every paint is taken from it.

const PULSE_MILLISECONDS = 1000

/** Beats so far; the same everywhere on the page. */
export function pulses(): number {
  return Math.floor(Date.now() / PULSE_MILLISECONDS)
}

/** Calls `run` at the next beat: all that waits for it is drawn in one frame. Answers with the function that takes it back. */
export function onNextPulse(run: () => void): () => void {
  const timer = setTimeout(run, PULSE_MILLISECONDS - (Date.now() % PULSE_MILLISECONDS))
  return () => clearTimeout(timer)
}

// Whether a run that was slowed down says the truth of its times, and nothing that frightens.

/** What a run that only had to wait must not say of itself. */
const FRIGHTENING = /\b(fail\w*|stuck|silent\w*|silence|hang\w*|hung|crash\w*|lost|does not answer|no sign)\b/i
const UNITS = { s: 1, min: 60, h: 3600 }
/** A run has begun some moments after its command, and a clock has its grain. */
const TOLERANCE_SECONDS = 1
/** An estimate that was made while a machine was slow may be so many times what came: it is one of a pace that changed. */
const TIMES_WRONG = 20

/**
 * `run` is run.json, `text` what the command wrote, `wallSeconds` how long it took, `stoppedSeconds` how much of that it could do nothing.
 * Answers with `faults`, and with `seen`, lines that say what was found.
 */
export function claimsOf({ run, text, wallSeconds, stoppedSeconds }) {
  const most = wallSeconds - stoppedSeconds
  const estimates = estimatesIn(text)
  const longest = Math.max(0, ...estimates)
  const word = FRIGHTENING.exec(text)?.[0]
  const faults = []
  if (run.seconds > most + TOLERANCE_SECONDS) faults.push(`claims ${run.seconds} s of training in ${most} s`)
  if (!(run.endedAt >= run.createdAt)) faults.push(`ended ${run.endedAt}, before it began ${run.createdAt}`)
  if (word) faults.push(`says "${word}": ${text.slice(-300)}`)
  if (longest > TIMES_WRONG * most) faults.push(`says that ${longest} s are left, of ${most} s in all`)
  return {
    faults,
    seen: [
      `took ${wallSeconds.toFixed(1)} s, claims ${run.seconds.toFixed(1)} s of training`,
      `from ${run.createdAt} to ${run.endedAt}`,
      `time left, as it was told: ${estimates.map((seconds) => `${seconds} s`).join(', ') || 'never'}`
    ]
  }
}

/** Seconds of each `2 min 30 s left`. */
function estimatesIn(text) {
  return [...text.matchAll(/((?: \d[\d.]* (?:s|min|h))+) left$/gm)].map(([, time]) =>
    [...time.matchAll(/([\d.]+) (s|min|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0)
  )
}

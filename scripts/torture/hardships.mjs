// What slows a run down and must neither end it nor be counted as training: it is stopped, gets 5 % of a core, or has 40 neighbours.
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { wentWell } from './answers.mjs'
import { claimsOf } from './claims.mjs'
import { readRun } from './compare.mjs'
import { startLab } from './lab-process.mjs'
import { starve } from './quota.mjs'

const SHARE = 0.05
const NEIGHBOURS = 40
const STOPPED_SECONDS = 60
const PATIENCE_MILLISECONDS = 2_400_000

/** Stopped as by Ctrl-Z or a laptop that sleeps: three times for up to a second, or once for a minute. */
export function stopped(attempt) {
  return endure(attempt, async (lab) => {
    const { random, span, whole } = attempt
    let seconds = 0
    for (let count = 0; count < (whole ? 1 : 3); count++) {
      await wait(whole ? span / 2 : (random() * span) / 3)
      const pause = whole ? STOPPED_SECONDS : random()
      lab.signalGroup('SIGSTOP')
      const began = performance.now()
      await wait(1000 * pause)
      lab.signalGroup('SIGCONT')
      seconds += (performance.now() - began) / 1000
    }
    return { stoppedSeconds: seconds, how: `${seconds.toFixed(1)} s stopped` }
  })
}

/** At most 5 % of a core, for some seconds or from start to end. */
export function starved(attempt) {
  return endure(attempt, async (lab) => {
    if (!attempt.whole) await wait(attempt.random() * attempt.span)
    const quota = starve(lab, SHARE)
    await (attempt.whole ? lab.ended : wait(5000 * attempt.random()))
    quota.lift()
    await lab.ended
    await quota.end()
    return { stoppedSeconds: 0, how: `${100 * SHARE} % of a core, ${quota.how}` }
  })
}

/** Beside 40 busy processes of the same priority, for some seconds or from start to end. */
export function loaded(attempt) {
  return endure(attempt, async (lab) => {
    if (!attempt.whole) await wait(attempt.random() * attempt.span)
    const neighbours = Array.from({ length: NEIGHBOURS }, keepBusy)
    await (attempt.whole ? lab.ended : wait(5000 * attempt.random()))
    for (const neighbour of neighbours) neighbour.kill('SIGKILL')
    return { stoppedSeconds: 0, how: `beside ${NEIGHBOURS} busy processes` }
  })
}

/** Computes until it is killed, or its parent has gone. */
function keepBusy() {
  return spawn('sh', ['-c', 'while kill -0 $PPID 2>/dev/null; do :; done'], { stdio: 'ignore' })
}

/** Runs to the end under the hardship; then asks whether the run's times and words are right. */
async function endure({ home, args, folder, whole }, hardship) {
  const began = performance.now()
  const lab = startLab(home, args, {}, { patience: PATIENCE_MILLISECONDS })
  const [{ stoppedSeconds, how }, end] = await Promise.all([hardship(lab), lab.ended])
  const wallSeconds = (performance.now() - began) / 1000
  const faults = wentWell(end)
  if (faults.length > 0) return { kills: 0, faults }
  const claims = claimsOf({ run: readRun(folder), text: end.text, wallSeconds, stoppedSeconds })
  return { kills: 0, faults: claims.faults, seen: whole ? [how, ...claims.seen] : [] }
}

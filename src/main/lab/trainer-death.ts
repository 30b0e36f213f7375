// Why a trainer process ended, in a sentence for people.
import { LabError } from '@shared/errors'
import { formatDuration } from '@shared/format'
import { mentionsMemory, outOfMemory } from '../trainer/trainer-error'
import type { ChildExit } from './child-process'

const KILLED = 137 // 128 + SIGKILL, as shells and containers report it
const LONGEST_LINE = 200
const continueIt = 'The complete epochs are kept; continue the run'

/** Lines that explain no end: warnings of GPU look-ups with the places they come from, frames and rulers of crash reports. */
const noCause =
  /^$|^(\w+ )?warning\b|\bwarning:|^MESA\b|^lib(EGL|GL|va)\b|^at |CheckVkSuccess|^[-=#<> ]+$|^-{3}|^<-{2}|^\d+: 0x/i

/**
 * For a process that has ended by itself: `out-of-memory` if the system ended it for that (`outOfMemoryKill`) or its last words say so,
 * else `trainer-crashed` with the error they name or their last line. A process that was killed had no time to say why.
 */
export function crashError(exit: ChildExit, outOfMemoryKill = false): LabError {
  const wasKilled = exit.signal === 'SIGKILL' || exit.code === KILLED
  if (wasKilled && outOfMemoryKill) return outOfMemory('that the system ended it to get memory back')
  const lines = wasKilled ? [] : causesIn(exit.lastWords ?? exit.stderr)
  const memoryLine = lines.find(mentionsMemory)
  if (memoryLine !== undefined) return outOfMemory(memoryLine)
  const reason = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[lines.length - 1]
  const how = exit.signal ?? (exit.code === null ? 'a process that could not be started' : `exit code ${exit.code}`)
  return new LabError('trainer-crashed', 'The trainer process ended unexpectedly', {
    found: reason ? `${how}, ${reason}` : how,
    remedy: wasKilled ? `The system may have ended it because memory ran out. ${continueIt}` : continueIt
  })
}

/** The lines that may say why, without what Chromium and V8 put before them: `[12:34:ERROR:file.cc(5)] `, `# `. */
function causesIn(words: string): string[] {
  const lines = words.split('\n').map((line) =>
    line
      .trim()
      .replace(/^\[[^\]]*\] |^# /, '')
      .slice(0, LONGEST_LINE)
  )
  return lines.filter((line) => !noCause.test(line))
}

/** For a process that was silent for too long, had nothing to compute meanwhile, and is killed for it. */
export function hangError(seconds: number): LabError {
  return new LabError('trainer-hung', `The trainer did not answer for ${seconds} seconds and was ended`, {
    found: 'a process that waits and does not compute',
    remedy: continueIt
  })
}

/** For a process that was silent for so long that it is killed, where the system did not say what it did meanwhile. */
export function silenceError(seconds: number): LabError {
  return new LabError('trainer-hung', `The trainer did not answer for ${formatDuration(seconds)} and was ended`, {
    remedy: continueIt
  })
}

/** For a process that computed for so much processor time without a sign of life, and is killed for it. */
export function busyError(seconds: number): LabError {
  return new LabError('trainer-hung', 'The trainer computed on without an answer and was ended', {
    found: `${formatDuration(seconds)} of processor time`,
    remedy: continueIt
  })
}

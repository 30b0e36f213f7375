// Why a trainer process ended, in a sentence for people.
import { LabError } from '@shared/errors'
import { mentionsMemory, outOfMemory } from '../trainer/trainer-error'
import type { TrainerExit } from './trainer-process'

const KILLED = 137 // 128 + SIGKILL, as shells and containers report it
const continueIt = 'The complete epochs are kept; continue the run'

/** For a process that has ended by itself: `out-of-memory` if its last words say so, else `trainer-crashed` with the error they name or their last line. */
export function crashError(exit: TrainerExit): LabError {
  const lines = exit.stderr.split('\n').map((line) => line.trim())
  const memoryLine = lines.find(mentionsMemory)
  if (memoryLine !== undefined) return outOfMemory(memoryLine)
  const reason = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.filter((line) => line !== '').pop()
  const how = exit.signal ?? (exit.code === null ? 'a process that could not be started' : `exit code ${exit.code}`)
  return new LabError('trainer-crashed', 'The trainer process ended unexpectedly', {
    found: reason ? `${how}, ${reason}` : how,
    remedy:
      exit.signal === 'SIGKILL' || exit.code === KILLED
        ? `The system may have ended it because memory ran out. ${continueIt}`
        : continueIt
  })
}

/** For a process that was silent for too long and is killed for it. */
export function hangError(seconds: number): LabError {
  return new LabError('trainer-hung', `The trainer did not answer for ${seconds} seconds and was ended`, {
    remedy: continueIt
  })
}

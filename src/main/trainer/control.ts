// Pause, resume and stop: asked for at any moment, obeyed between two batches. And how far the lab has followed.
import type { WorkingClock } from './working-clock'

export interface Control {
  pause(): void
  resume(): void
  stop(): void
  /** Notes that the lab has stored all of `epoch`. */
  recorded(epoch: number): void
  /** Aborted by `stop`. */
  readonly signal: AbortSignal
  /** Aborted by the next pause, or by `stop`; a fresh one after each resume. What the engine does now ends early by it. */
  readonly interruption: AbortSignal
  /** Waits while paused; false once the training has to stop. */
  mayGoOn(): Promise<boolean>
  /** Waits until the lab has stored all of `epoch`; false if the training has to stop before that. */
  isRecorded(epoch: number): Promise<boolean>
  /** Seconds of working time since the control was made, pauses left out. */
  seconds(): number
}

/** The control of a training that begins now. Pausing a paused training or one that stops changes nothing. */
export function createControl(now: WorkingClock = () => performance.now()): Control {
  const stopping = new AbortController()
  let interrupting = new AbortController()
  let release: (() => void) | null = null
  let released: Promise<void> = Promise.resolve()
  let waitedMilliseconds = 0
  let waitingSince: number | null = null
  let lastRecorded = 0
  let announceRecorded = () => {}
  const began = now()

  function letGo(): void {
    release?.()
    release = null
  }

  return {
    signal: stopping.signal,
    get interruption() {
      return interrupting.signal
    },
    pause() {
      if (stopping.signal.aborted || release) return
      released = new Promise((resolve) => (release = resolve))
      interrupting.abort(new Error('The training was paused'))
    },
    resume() {
      if (!release) return
      interrupting = new AbortController()
      letGo()
    },
    stop() {
      const reason = new Error('The training was stopped')
      stopping.abort(reason)
      interrupting.abort(reason)
      letGo()
      announceRecorded()
    },
    recorded(epoch) {
      lastRecorded = epoch
      announceRecorded()
    },
    async mayGoOn() {
      waitingSince = now()
      while (release) await released
      waitedMilliseconds += now() - waitingSince
      waitingSince = null
      return !stopping.signal.aborted
    },
    async isRecorded(epoch) {
      while (lastRecorded < epoch && !stopping.signal.aborted) {
        await new Promise<void>((resolve) => (announceRecorded = resolve))
      }
      return lastRecorded >= epoch
    },
    seconds: () => ((waitingSince ?? now()) - began - waitedMilliseconds) / 1000
  }
}

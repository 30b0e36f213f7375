// Pause, resume and stop: asked for at any moment, obeyed between two calls of the engine. And how far the lab has followed.

export interface Control {
  pause(): void
  resume(): void
  stop(): void
  /** Tells that the lab has stored all of `epoch`. */
  recorded(epoch: number): void
  /** Aborted by `stop`. */
  readonly signal: AbortSignal
  /** Waits while paused; false once the training has to stop. */
  mayGoOn(): Promise<boolean>
  /** Waits until the lab has stored all of `epoch`; false if the training has to stop before that. */
  isRecorded(epoch: number): Promise<boolean>
  /** Seconds since the control was made, pauses left out. */
  seconds(): number
}

/** The control of a training that begins now. Pausing a paused training or one that stops changes nothing. */
export function createControl(now: () => number = () => performance.now()): Control {
  const stopping = new AbortController()
  let release: (() => void) | null = null
  let released: Promise<void> = Promise.resolve()
  let waitedMilliseconds = 0
  let waitingSince: number | null = null
  let lastRecorded = 0
  let tellRecorded = () => {}
  const began = now()

  function letGo(): void {
    release?.()
    release = null
  }

  return {
    signal: stopping.signal,
    pause() {
      if (stopping.signal.aborted || release) return
      released = new Promise((resolve) => (release = resolve))
    },
    resume: letGo,
    stop() {
      stopping.abort(new Error('The training was stopped'))
      letGo()
      tellRecorded()
    },
    recorded(epoch) {
      lastRecorded = epoch
      tellRecorded()
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
        await new Promise<void>((resolve) => (tellRecorded = resolve))
      }
      return lastRecorded >= epoch
    },
    seconds: () => ((waitingSince ?? now()) - began - waitedMilliseconds) / 1000
  }
}

// Tells a trainer that hangs from one that is slow. A silent process is judged by what it does with the processor, not by the wall clock.
import type { LabError } from '@shared/errors'
import { activityOf, type ProcessActivity } from '../system/process-activity'
import { availableThreads } from '../system/processor'
import { busyError, hangError, silenceError } from './trainer-death'

export interface Watchdog {
  /** A sign of life: all patience is there again. */
  heard(): void
  /** Looks no more. */
  end(): void
}

export interface WatchdogOptions {
  /** Undefined while the process has not begun. */
  pid(): number | undefined
  /** Silence of a process that may compute and does not: a hang. Default 30 s. */
  hangSeconds?: number | undefined
  /** Processor time, of all threads, of a process that computes in silence: it goes round in circles. */
  busySeconds?: number | undefined
  /** What the process does; replaced by tests. */
  activity?: (pid: number) => Promise<ProcessActivity | null>
  /** Called once at most. */
  onHang(error: LabError): void
}

const HANG_SECONDS = 30
/** A hang is so many idle looks, never a difference of times: a machine that slept, or a lab that was stopped, has looked once. */
const LOOKS = 30
/** So many looks are left out after a sign of life: one comes each second, and each look costs a process or files that are read. */
const UNSEEN_LOOKS = 3
/** What `busySeconds` is by default: so many times what the whole processor computes in the patience. */
const TIMES_BUSY = 10
/** An idle process also has its timers: processor time between two looks that is more than theirs, and more than a step of the count. */
const WORK_SECONDS = 0.02
/** A look that learns nothing counts so much: where the system does not say what a process does, only a long silence decides. */
const BLIND_LOOK = 0.1

/** Watches a process from now on. */
export function watchOver(options: WatchdogOptions): Watchdog {
  const { pid, hangSeconds = HANG_SECONDS, activity = activityOf, onHang } = options
  const { busySeconds = TIMES_BUSY * hangSeconds * availableThreads() } = options
  let silence = newSilence()
  let isLooking = false

  async function look(): Promise<void> {
    const own = silence
    if (own.unseen++ < UNSEEN_LOOKS) return
    const id = pid()
    const now = id === undefined ? null : await activity(id)
    if (own !== silence) return // heard meanwhile
    judge(own, now)
    if (own.busySeconds >= busySeconds) hang(busyError(busySeconds))
    else if (own.idleLooks + BLIND_LOOK * own.blindLooks >= LOOKS) hang(hangOf(own, hangSeconds))
  }

  const clock = setInterval(
    () => {
      if (isLooking) return
      isLooking = true
      void look().finally(() => (isLooking = false))
    },
    (hangSeconds * 1000) / LOOKS
  )
  clock.unref()

  function end(): void {
    clearInterval(clock)
    silence = newSilence()
  }

  function hang(error: LabError): void {
    end()
    onHang(error)
  }

  return { heard: () => void (silence = newSilence()), end }
}

/** What was seen since the last sign of life. */
interface Silence {
  unseen: number
  last: ProcessActivity | null
  idleLooks: number
  blindLooks: number
  busySeconds: number
}

const newSilence = (): Silence => ({ unseen: 0, last: null, idleLooks: 0, blindLooks: 0, busySeconds: 0 })

/** A process is said to have waited only where that was seen. */
function hangOf({ idleLooks, blindLooks }: Silence, hangSeconds: number): LabError {
  return blindLooks === 0 ? hangError(hangSeconds) : silenceError((hangSeconds / LOOKS) * (idleLooks + blindLooks))
}

/**
 * Adds a look to a silence. One that finds the process stopped does not count, nor one that finds a thread waiting for a processor;
 * work makes up for idle looks before it. A device that works while the processor rests has its patience in the trainer (heartbeat.ts),
 * which is silent only once that is over.
 */
function judge(silence: Silence, now: ProcessActivity | null): void {
  const { last } = silence
  silence.last = now
  if (now === null) silence.blindLooks++
  if (now === null || last === null || now.isStopped) return
  const computed = now.processorSeconds - last.processorSeconds
  silence.busySeconds += computed
  if (computed >= WORK_SECONDS || now.majorFaults > last.majorFaults) silence.idleLooks = 0
  else if (!now.isRunnable) silence.idleLooks++
}

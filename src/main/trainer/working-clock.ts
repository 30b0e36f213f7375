// The clock of a process that may be stopped, put to sleep with its machine, or left without a processor: it stands still meanwhile.

/** Milliseconds since some moment, without the gaps. */
export type WorkingClock = () => number

/** What the clock is made of, all in milliseconds; replaced by tests. */
export interface ClockSources {
  /** Monotonic. */
  elapsed(): number
  /** Processor time of this thread, or of the whole process where Node does not tell them apart. */
  processor(): number
}

const TICK_MILLISECONDS = 250
/** A thread that is busy or waits its turn comes back sooner; a longer absence is a gap but for what was computed in it. */
const LONGEST_ABSENCE = 1000

/** Starts a clock of this thread. It looks at itself several times a second, so it must be started in the thread that it times. */
export function startWorkingClock({ elapsed, processor }: ClockSources = system): WorkingClock {
  let lastElapsed = elapsed()
  let lastProcessor = processor()
  let worked = 0
  const now = () => {
    const absence = elapsed() - lastElapsed
    const computed = processor() - lastProcessor
    lastElapsed += absence
    lastProcessor += computed
    worked += absence <= LONGEST_ABSENCE ? absence : Math.min(absence, Math.max(computed, TICK_MILLISECONDS))
    return worked
  }
  setInterval(now, TICK_MILLISECONDS).unref()
  return now
}

const system: ClockSources = {
  elapsed: () => performance.now(),
  processor() {
    const { threadCpuUsage, cpuUsage }: NodeJS.Process & { threadCpuUsage?: () => NodeJS.CpuUsage } = process
    const { user, system } = threadCpuUsage ? threadCpuUsage() : cpuUsage()
    return (user + system) / 1000
  }
}

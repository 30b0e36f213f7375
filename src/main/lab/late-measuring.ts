// Quality that is missing in runs which have ended is measured while nothing trains or waits, one run after another. Whatever a user
// asks for meanwhile goes first.
import { isUnmeasured } from '@shared/run'
import type { Log } from '../system/log'
import type { QualityMeasured } from './supervisor'
import type { Library } from './library'
import { isMeasurable } from './run-measuring'
import { storedState, type ListedRun, type StoredRun } from './stored-run'

export interface LateMeasuring {
  /** Looks from now on for runs to measure. */
  start(): void
  /** Does `work` at once: what is being measured is cut off, to be taken up later, and nothing more is measured until it is done. */
  goFirst<Result>(work: () => Promise<Result>): Promise<Result>
  /** Gives way for good. Resolves when nothing is written any more. */
  close(): Promise<void>
}

export interface LateMeasuringParts {
  library: Pick<Library, 'list' | 'find'>
  /** Asks what a run is worth; changes nothing. Rejects soon after the signal says that it is not wanted any more. */
  measure(run: StoredRun, signal: AbortSignal): Promise<QualityMeasured>
  /** Writes it down. */
  keep(run: StoredRun, quality: QualityMeasured): Promise<void>
  /** Whether a view is there to see what comes of it. */
  isWatched(): boolean
  /** Whether anything trains or waits here. */
  isTraining(): boolean
  log: Log
  /** Between two looks; nothing begins sooner after what was asked of the trainer. */
  lookMilliseconds?: number | undefined
}

const LOOK_MILLISECONDS = 5_000

export function createLateMeasuring(parts: LateMeasuringParts): LateMeasuring {
  const { library, measure, keep, isWatched, isTraining, log } = parts
  const { lookMilliseconds = LOOK_MILLISECONDS } = parts
  /** Those whose turn has been: what fails is tried again in another session. */
  const tried = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  /** Cuts off what is being measured. */
  let current: AbortController | null = null
  let keeping: Promise<void> = Promise.resolve()
  /** What was asked for and is not done yet. */
  let pending = 0
  /** Whether nothing was asked for since the last look. */
  let isCalm = true

  async function look(): Promise<void> {
    if (!isWatched() || isTraining() || !isCalm) {
      isCalm = pending === 0
      return
    }
    const runs = await library.list()
    const next = isAnyOwned(runs) ? undefined : runs.filter(isWanted).sort(newestFirst)[0]
    if (next && isCalm && timer) await takeTurn(next)
  }

  const isWanted = ({ summary }: ListedRun) => isMeasurable(summary) && !tried.has(summary.id)

  async function takeTurn({ summary: { id } }: ListedRun): Promise<void> {
    const { signal } = (current = new AbortController())
    tried.add(id)
    log.info(`The quality of run ${id} is missing and measured now`)
    try {
      const run = await library.find(id)
      if (!isMeasurable({ state: storedState(run), measured: !isUnmeasured(run.file) })) return // it has changed since it was listed
      const quality = await measure(run, signal)
      if (!signal.aborted) await (keeping = keep(run, quality))
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      if (signal.aborted) tried.delete(id)
      current = null
    }
  }

  /** Other windows and commands can't ask for their turn: it is seen that they have begun. */
  async function giveWayToOthers(measuring: AbortController): Promise<void> {
    const runs = await library.list().catch(() => [])
    if (!isWatched() || isAnyOwned(runs)) measuring.abort()
  }

  function lookAgain(): void {
    if (current) void giveWayToOthers(current)
    looking ??= look()
      .catch((error: unknown) => log.warn(`The quality of a run could not be measured: ${String(error)}`))
      .finally(() => (looking = null))
  }

  function cutOff(): Promise<void> {
    isCalm = false
    current?.abort()
    return keeping.catch(() => undefined)
  }

  return {
    start: () => void (timer ??= setInterval(lookAgain, lookMilliseconds).unref()),
    async goFirst(work) {
      pending += 1
      try {
        await cutOff()
        return await work()
      } finally {
        pending -= 1
      }
    },
    close() {
      if (timer) clearInterval(timer)
      timer = null
      return cutOff()
    }
  }
}

/** Whether anything trains or waits here or elsewhere: what is measured beside it would be in its way. */
const isAnyOwned = (runs: readonly ListedRun[]) => runs.some(({ owner }) => owner !== null)

const newestFirst = ({ summary: a }: ListedRun, { summary: b }: ListedRun) => (a.createdAt < b.createdAt ? 1 : -1)

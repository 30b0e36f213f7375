// Runs that a crash has cut off, of the application or the machine: they go on, the oldest first.
import type { ContinuedRuns } from '@shared/contract'
import { toLabErrorData } from '@shared/errors'
import type { RunState, RunSummary } from '@shared/run'
import type { Log } from '../system/log'
import type { Library } from './library'
import { storedState } from './stored-run'
import type { Starting } from './starting'

export interface Interrupted {
  /** Continues those of `ids` that are interrupted (null: all that are) in the order of their creation. Throws LabError `bad-file` if the runs folder can't be read. */
  goOn(ids: readonly string[] | null): Promise<ContinuedRuns>
  /** Continues all of them before a window asks; the first `goOn(null)` answers with what came of it as well. Never rejects. */
  goOnByThemselves(): Promise<void>
}

export interface InterruptedParts {
  library: Pick<Library, 'list' | 'find'>
  /** Whether this process trains the run, or will. */
  isActive(id: string): boolean
  starting: Pick<Starting, 'goOn'>
  log: Log
}

export function createInterrupted({ library, isActive, starting, log }: InterruptedParts): Interrupted {
  let last: Promise<unknown> = Promise.resolve()
  /** What came of continuing by itself, until a window has been told. */
  let untold: ContinuedRuns = nothing()

  const isInterrupted = (id: string, state: RunState) => !isActive(id) && state === 'interrupted'

  async function goOn(ids: readonly string[] | null): Promise<ContinuedRuns> {
    const runs = (await library.list())
      .map(({ summary }) => summary)
      .filter(({ id, state }) => (ids?.includes(id) ?? true) && isInterrupted(id, state))
    const answer: ContinuedRuns = { continued: [], failed: [] }
    for (const { id, name } of runs.sort(byCreation)) {
      try {
        const now = await library.find(id) // it may have gone on or ended while others were started
        if (!isInterrupted(id, storedState(now))) continue
        await starting.goOn(now, null)
        answer.continued.push(id)
        log.info(`Run ${id} was interrupted and goes on`)
      } catch (thrown) {
        const error = toLabErrorData(thrown)
        answer.failed.push({ id, name, error })
        log.error(`Run ${id} was interrupted and can’t go on`, thrown)
      }
    }
    return answer
  }

  /** Two windows that ask at once get each run once. */
  function inTurn(ids: readonly string[] | null): Promise<ContinuedRuns> {
    const own = last.then(() => goOn(ids))
    last = own.catch(() => undefined)
    return own
  }

  return {
    async goOn(ids) {
      const answer = await inTurn(ids)
      if (ids !== null) return answer
      const before = untold
      untold = nothing()
      return {
        continued: [...before.continued, ...answer.continued],
        failed: [...before.failed, ...answer.failed.filter(({ id }) => before.failed.every((one) => one.id !== id))]
      }
    },
    async goOnByThemselves() {
      const answer = await inTurn(null).catch((error: unknown) => {
        log.warn(`What was interrupted can’t be looked for: ${String(error)}`)
        return nothing()
      })
      untold = answer
    }
  }
}

const nothing = (): ContinuedRuns => ({ continued: [], failed: [] })

function byCreation(a: RunSummary, b: RunSummary): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.id < b.id ? -1 : 1
}

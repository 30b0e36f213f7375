// Calls as views and commands get them: ready when the lab is, and rejecting with nothing but LabErrors.
import type { LabCalls } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import type { Log } from '../system/log'

type Call<Args extends unknown[], Answer> = (...args: Args) => Promise<Answer>
export type Guard = <Args extends unknown[], Answer>(name: string, call: Call<Args, Answer>) => Call<Args, Answer>

/** Makes the guard of a call: it waits for `ready` first; a defect is logged with its stack and rejects as a LabError. */
export function createGuard(ready: () => Promise<unknown>, log: Log): Guard {
  return (name, call) =>
    async (...args) => {
      try {
        await ready()
        return await call(...args)
      } catch (error) {
        if (error instanceof LabError) throw error
        log.error(`The call ${name} failed`, error)
        throw LabError.from(toLabErrorData(error))
      }
    }
}

/** The same calls, each behind the guard. */
export function guarded(calls: LabCalls, guard: Guard): LabCalls {
  const entries = Object.entries(calls).map(([name, call]) => [name, guard(name, call as never)])
  return Object.fromEntries(entries) as LabCalls
}

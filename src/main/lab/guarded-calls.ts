// The calls as views get them: ready when the lab is, and rejecting with nothing but LabErrors.
import type { LabCalls } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import type { Log } from '../system/log'

/** The same calls, made when the lab is ready and rejecting with nothing but LabErrors; a defect is logged with its stack. */
export function guarded(calls: LabCalls, ready: () => Promise<unknown>, log: Log): LabCalls {
  const guard = (name: string, call: (...args: unknown[]) => Promise<unknown>) => {
    return async (...args: unknown[]) => {
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
  const entries = Object.entries(calls).map(([name, call]) => [name, guard(name, call as never)])
  return Object.fromEntries(entries) as LabCalls
}

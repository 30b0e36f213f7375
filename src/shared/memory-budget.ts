// How much memory a training's graphs may take: megabytes, or null where it is left to the application (main/system/memory-budget.ts).
import * as v from 'valibot'

export const MEGABYTE = 1e6
export const MOST_MEGABYTES = 1_000_000

/** What may be given, in words; the settings, the command line and the schema share them. */
export const allowedMemoryBudget = 'a whole number of megabytes from 1 to 1,000,000'

const refusal = `memory budget: expected ${allowedMemoryBudget}`

/** Megabytes. */
export const MemoryBudgetSchema = v.pipe(
  v.number(refusal),
  v.check((x) => Number.isInteger(x) && x >= 1 && x <= MOST_MEGABYTES, refusal)
)

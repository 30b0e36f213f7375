// The memory budget as the engine takes it, in bytes, and as the lab hears what came of it.
import { MEGABYTE } from '@shared/memory-budget'
import type { Turns } from '@shared/run'
import type { Training } from './engine'

/** Megabytes as bytes; absent: no limit. */
export function bytesOf(megabytes = Infinity): number {
  return megabytes * MEGABYTE
}

/** Null where all models train at once. The budget in megabytes. */
export function toldTurns({ turns }: Pick<Training, 'turns'>, memoryBudget = Infinity): Turns | null {
  return turns > 1 ? { count: turns, memoryBudget } : null
}

// What a training's graphs may take of this machine's memory.
import { totalmem } from 'node:os'
import { MEGABYTE } from '@shared/memory-budget'

/**
 * A quarter of the memory that the system has, or a container allows, all that can be known of a machine: integrated graphics work in the same memory and are lent about half
 * of it, and half of that is left to images, checkpoints, the window and whatever else draws on the screen.
 */
const AUTOMATIC_SHARE = 1 / 4

/** The budget in bytes; null: the automatic one. */
export function memoryBudgetBytes(megabytes: number | null, systemBytes = availableBytes()): number {
  return megabytes === null ? systemBytes * AUTOMATIC_SHARE : megabytes * MEGABYTE
}

function availableBytes(): number {
  const { constrainedMemory } = process as Partial<typeof process> // older Electrons' Node has no such function
  return Math.min(totalmem(), constrainedMemory?.() || Infinity) // 0 where nothing limits it
}

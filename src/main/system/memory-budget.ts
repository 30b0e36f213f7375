// What a training's graphs may take of this machine's memory.
import { totalmem } from 'node:os'
import { MEGABYTE } from '@shared/memory-budget'

/**
 * A quarter of the memory that the system has, or a container allows, all that can be known of a machine: integrated graphics work in the same memory and are lent about half
 * of it, and half of that is left to images, checkpoints, the window and whatever else draws on the screen.
 */
const AUTOMATIC_SHARE = 1 / 4

/** The budget while nobody sets one, in whole megabytes: so it can be told, and given to another machine. */
export function automaticMemoryBudget(systemBytes = availableBytes()): number {
  return Math.floor((systemBytes * AUTOMATIC_SHARE) / MEGABYTE)
}

function availableBytes(): number {
  const { constrainedMemory } = process as Partial<typeof process> // older Electrons' Node has no such function
  return Math.min(totalmem(), constrainedMemory?.() || Infinity) // 0 where nothing limits it
}

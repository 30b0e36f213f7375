// How much memory there is.
import { totalmem } from 'node:os'

/** Bytes that the system has, or a container allows. */
export function availableMemory(): number {
  const { constrainedMemory } = process as Partial<typeof process> // older Electrons' Node has no such function
  return Math.min(totalmem(), constrainedMemory?.() || Infinity) // 0 where nothing limits it
}

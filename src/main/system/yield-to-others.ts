// Work that takes every core lets what a user does go first.
import { constants, setPriority } from 'node:os'

/** As `nice` counts; Windows takes a training's for normal. */
export const niceness = { training: 5, analysis: constants.priority.PRIORITY_BELOW_NORMAL } as const

/** Lowers the priority of this process, before it starts the threads that inherit it. A system may not allow it: then nothing changes. */
export function yieldToOthers(value: number): void {
  try {
    setPriority(value)
  } catch {
    return
  }
}

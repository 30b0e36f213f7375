// Gives inputs to a reader and says what was wrong with its answers.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { faultOf, faultOfData } from './judge'
import type { OpenReader } from './reader'

export const LONGEST_CALL_MILLISECONDS = 2000

export interface Tried {
  /** What was wrong; null where nothing was. */
  fault: string | null
  /** Of the processor: what waits for a busy machine or its disk is not slow. */
  milliseconds: number
}

/** A call that took too long is made again: not every time is the collector's turn. */
export async function tryInput(reader: OpenReader, input: Buffer): Promise<Tried> {
  const tried = await tryOnce(reader, input)
  if (tried.milliseconds <= LONGEST_CALL_MILLISECONDS) return tried
  const again = await tryOnce(reader, input)
  if (again.milliseconds <= LONGEST_CALL_MILLISECONDS) return again
  return { ...again, fault: again.fault ?? `slow: ${Math.round(again.milliseconds)} ms` }
}

async function tryOnce(reader: OpenReader, input: Buffer): Promise<Tried> {
  const began = processorTime()
  const done = (fault: string | null) => ({ fault, milliseconds: processorTime() - began })
  try {
    const told = (await reader.read(input)) ?? []
    const tried = done(told.map((data) => faultOfData(data, input)).find((fault) => fault !== null) ?? null)
    await nextTurn() // a rejection that nobody handles is told now
    return tried
  } catch (error) {
    return done(faultOf(error, input))
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

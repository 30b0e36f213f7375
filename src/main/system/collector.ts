// The garbage collector, called by name. By itself it wakes when its heap has filled; the megabytes that typed arrays hold outside that
// heap hardly count, so a thread that drops some in every call holds dozens of them, now more, now less.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Gives back the memory of all that this thread has dropped. */
export type Collect = () => void

/** The collector of this thread; it does nothing where V8 can't be asked. */
export function createCollector(): Collect {
  setFlagsFromString('--expose-gc') // stays: flags are the process's, and another thread may be about to do the same
  const collect = runInNewContext('globalThis.gc') as (() => void) | undefined
  return () => collect?.()
}

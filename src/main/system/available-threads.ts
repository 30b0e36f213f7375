// How many threads are worth starting: the trainer and what it tells of the device have to agree.
import * as os from 'node:os'

/** Threads that this process may run at once; every processor of the machine where the runtime can't tell (Node before 18.14). */
export function availableThreads(): number {
  const { availableParallelism } = os as { availableParallelism?: () => number }
  return availableParallelism?.() ?? os.cpus().length
}

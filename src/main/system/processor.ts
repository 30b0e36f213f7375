// The processor as a device.
import * as os from 'node:os'

/** Threads that this process may run at once; every processor of the machine where the runtime can't say (Node before 18.14). */
export function availableThreads(): number {
  const { availableParallelism } = os as { availableParallelism?: () => number }
  return availableParallelism?.() ?? os.cpus().length
}

/** For people: `CPU · 2 threads`. */
export function processorTitle(threads = availableThreads()): string {
  return `CPU · ${threads} thread${threads === 1 ? '' : 's'}`
}

/** Its model, e.g. `Intel(R) Core(TM) i7-1185G7`. */
export function processorModel(): string {
  return os.cpus()[0]?.model.trim() ?? 'unknown processor'
}

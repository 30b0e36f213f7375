// Long work that a user asks for: one at a time, with progress, and an end before its time.
import type { LabError } from '@shared/errors'
import type { DataProgress } from '@shared/contract'
import type { ReadTools } from '../data/readers/read-images'

const TELL_MILLISECONDS = 200

export interface CancellableWork {
  /** Does the work. Rejects with `busy` while other work is under way, with `cancelled` once it was given up. */
  run<T>(work: (tools: ReadTools) => Promise<T>): Promise<T>
  cancel(): void
}

interface Words {
  /** Hears at most five times a second how far it is. */
  tell(progress: DataProgress): void
  busy(): LabError
  cancelled(): LabError
}

export function createCancellableWork({ tell, busy, cancelled }: Words): CancellableWork {
  let underWay: AbortController | null = null
  return {
    async run(work) {
      if (underWay) throw busy()
      const own = (underWay = new AbortController())
      let told = 0
      const onProgress = (done: number, total: number) => {
        if (performance.now() - told < TELL_MILLISECONDS) return
        told = performance.now()
        tell({ done, total })
      }
      try {
        return await work({ signal: own.signal, onProgress })
      } catch (error) {
        throw own.signal.aborted ? cancelled() : error
      } finally {
        underWay = null
      }
    },
    cancel: () => underWay?.abort()
  }
}

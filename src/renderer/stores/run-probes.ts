// The fixed test images of runs' data sets, read once for each data set however many runs are trained on it.
import type { LabCalls, Probes } from '@shared/contract'
import type { RunView } from '@shared/run'

/** The probes of a run; null where its data set is gone or another. Rejects as `readProbes` does. */
export function createRunProbes(calls: Pick<LabCalls, 'readProbes'>) {
  const known = new Map<string, Probes>()
  return async ({ file: { dataset }, dataProblem }: Pick<RunView, 'file' | 'dataProblem'>): Promise<Probes | null> => {
    if (dataProblem) return null
    const found = known.get(dataset.sha256) ?? (await calls.readProbes(dataset.name))
    known.set(dataset.sha256, found)
    return found
  }
}

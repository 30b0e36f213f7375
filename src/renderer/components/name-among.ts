// How a notice or a menu names one of several runs.
import { formatMoment, quoted } from '@shared/format'
import type { RunSummary } from '@shared/run'

/** `“Sweep”`; where another run has the same name, with the moment it was started: `“Sweep” of today 13:31`. */
export function nameAmong(run: RunSummary, runs: readonly RunSummary[]): string {
  const isShared = runs.some(({ id, name }) => id !== run.id && name === run.name)
  return isShared ? `${quoted(run.name)} of ${formatMoment(new Date(run.createdAt))}` : quoted(run.name)
}

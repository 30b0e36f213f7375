// Which of the compared runs is the best at each value that at least two of them have, by the first run's loss as it is printed.
import { lossOf } from '@shared/experiment'
import type { RunFile } from '@shared/run'
import { whyNotTogether } from '@shared/run-differences'
import { asPrinted, metricOf, valueLabels } from '@shared/run-results'
import { seriesMetricsSd, seriesOf } from '@shared/series'

export interface ComparedRow {
  /** `d = 16`. */
  label: string
  /** One a run, as printed; null where the run has no such value or it was not measured. */
  losses: (number | null)[]
  /** Between the lowest and the next, as printed; 0 where they are level. */
  lead: number
  /** Standard deviations of these two over their seeds, added; null where one has a single seed or was not measured. */
  spread: number | null
}

/** Whether their test images are the same, so that their figures can be compared. */
export const isSameData = ([first, ...others]: readonly RunFile[]) =>
  others.every((file) => !first || whyNotTogether(first, file) === null)

/** In the order of the results' table. */
export function comparedRows(files: readonly RunFile[]): ComparedRow[] {
  const [first] = files
  if (!first) return []
  const key = lossOf(first.experiment)
  const runs = files.map((file) => ({ file, series: seriesOf(file) }))
  return valueLabels(runs).flatMap((label) => {
    const cells = runs.map(({ file, series }) => {
      const own = series.find((one) => one.label === label)
      const loss = own ? metricOf(file, own, key) : null
      const isKnown = own && loss !== null && Number.isFinite(loss)
      return isKnown ? { loss: asPrinted(loss, key), sd: seriesMetricsSd(file, own)?.[key] ?? null } : null
    })
    const [lowest, next] = cells.filter((cell) => cell !== null).sort((one, other) => one.loss - other.loss)
    if (!lowest || !next) return []
    const spread = lowest.sd === null || next.sd === null ? null : lowest.sd + next.sd
    return [{ label, losses: cells.map((cell) => cell?.loss ?? null), lead: next.loss - lowest.loss, spread }]
  })
}

/** Places of the runs with the lowest loss: several where they are level as printed. */
export function bestAt({ losses }: ComparedRow): number[] {
  const lowest = Math.min(...losses.filter((loss) => loss !== null))
  return losses.flatMap((loss, run) => (loss === lowest ? [run] : []))
}

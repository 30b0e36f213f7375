// What the data alone says, as a run has it and as it is computed anew.
import { meanName } from '@shared/dataset'
import type { ReportPartCheck } from '@shared/report-check'
import type { Bounds, RunFile } from '@shared/run'

/** Sums of millions of pixels: other processors and versions of Node may round logarithms otherwise. */
const TOLERANCE = 1e-9
/** PCA with as many components as there are pixels leaves nothing but rounding. */
const NOTHING = 1e-12

/** Perfect copy, mean image and PCA, as far as the run has them; `now` is null where they can't be computed. */
export function compareBounds({ bounds, dataset }: RunFile, now: Bounds | null): ReportPartCheck[] {
  const known: [name: string, values: readonly number[], computed: readonly number[]][] = [
    ['perfect copy', [bounds.perfectCopy], [now?.perfectCopy ?? NaN]],
    [meanName(dataset), [bounds.meanDigit], [now?.meanDigit ?? NaN]],
    ['PCA', bounds.pcaMse ?? [], now?.pcaMse ?? []]
  ]
  return known
    .filter(([, values]) => values.some((value) => !Number.isNaN(value)))
    .map(([part, values, computed]): ReportPartCheck => {
      if (now === null) return { part, state: 'unknown', detail: 'not computed: a run trains, or it failed' }
      const agree =
        values.length === computed.length && values.every((value, index) => isNear(value, computed[index] ?? NaN))
      const detail = agree
        ? 'computed anew from the data'
        : `computed anew: ${computed.join(', ')}; the report has ${values.join(', ')}`
      return { part, state: agree ? 'agrees' : 'differs', detail }
    })
}

const isNear = (value: number, other: number) =>
  Math.abs(value - other) <= NOTHING + TOLERANCE * Math.max(Math.abs(value), Math.abs(other))

// A loss chart's numbers as a table and as CSV: what a reader who can't see lines, or wants the figures, gets.
import { csvText } from '../csv'
import type { Series } from '../series'

type Curves = Pick<Series, 'label' | 'train' | 'val'> & Partial<Pick<Series, 'sd' | 'models'>>

interface LossTable {
  /** `epoch`, then two columns a series, `d = 2 training` and `d = 2 validation`; the last alone of one without training losses. Of several seeds a third, `d = 2 sd (n = 3)`. */
  columns: string[]
  /** One row an epoch from 1; null where there is no number. */
  rows: (number | null)[][]
}

export function lossTable(series: readonly Curves[]): LossTable {
  const epochs = Math.max(0, ...series.map(({ val }) => val.length))
  return {
    columns: ['epoch', ...series.flatMap((one) => kindsOf(one).map((kind) => `${one.label} ${kind}`))],
    rows: Array.from({ length: epochs }, (_, index) => [
      index + 1,
      ...series.flatMap(({ train, val, sd }) =>
        [...(train ? [train] : []), val, ...(sd ? [sd.val] : [])].map((curve) => curve[index] ?? null)
      )
    ])
  }
}

/** What the columns of a series are of; the standard deviation is that of the validation loss. */
export function kindsOf({ train, sd, models = [] }: Pick<Curves, 'train' | 'sd' | 'models'>): string[] {
  return [...(train ? ['training'] : []), 'validation', ...(sd ? [`sd (n = ${models.length})`] : [])]
}

/** As csv.ts: full precision, empty where there is no number. */
export function lossCsv(series: readonly Curves[]): string {
  const { columns, rows } = lossTable(series)
  return csvText(columns, rows)
}

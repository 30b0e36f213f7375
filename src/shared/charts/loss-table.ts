// A loss chart's numbers as a table and as CSV: what a reader who can't see lines, or wants the figures, gets.
import type { LossSeries } from './loss'

interface LossTable {
  /** `epoch`, then two columns a model: `d = 2 training`, `d = 2 validation`. */
  columns: string[]
  /** One row an epoch from 1; null where there is no number. */
  rows: (number | null)[][]
}

export function lossTable(series: readonly LossSeries[]): LossTable {
  const epochs = Math.max(0, ...series.map((one) => one.valLoss.length))
  return {
    columns: [
      'epoch',
      ...series.flatMap(({ latentDim }) => [`d = ${latentDim} training`, `d = ${latentDim} validation`])
    ],
    rows: Array.from({ length: epochs }, (_, index) => [
      index + 1,
      ...series.flatMap((one) => [one.trainLoss[index] ?? null, one.valLoss[index] ?? null])
    ])
  }
}

/** RFC 4180: comma, CRLF, a header line; full precision, empty where there is no number. */
export function lossCsv(series: readonly LossSeries[]): string {
  const { columns, rows } = lossTable(series)
  return [columns, ...rows].map((row) => row.map((cell) => cell ?? '').join(',') + '\r\n').join('')
}

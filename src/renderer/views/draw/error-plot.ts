// Where the errors of a drawing lie on a plot whose both axes are logarithmic: shares of its width and height, from the top left.
import type { Answer } from './use-reconstructions'

export interface ErrorPlot {
  ticks: { label: string; y: number }[]
  points: {
    rank: number
    short: string
    x: number
    y: number | null
    band: { low: number; median: number; high: number } | null
  }[]
  noise: number | null
}

const MARGIN = 0.04

/** Widths of codes stand where their logarithms do, other values side by side. Null while there is nothing to plot. */
export function errorPlot(answers: readonly Answer[], noiseMse: number, isByWidth: boolean): ErrorPlot | null {
  const values = answers.flatMap(({ through, ordinary }) => [
    ...(through ? [through.mse] : []),
    ...(ordinary ? [ordinary.low, ordinary.median, ordinary.high] : [])
  ])
  const shown = [...values, ...(noiseMse > 0 ? [noiseMse] : [])].filter((value) => value > 0 && Number.isFinite(value))
  if (shown.length === 0) return null
  const [low, high] = [Math.log10(Math.min(...shown)) - 0.1, Math.log10(Math.max(...shown)) + 0.1]
  const yOf = (value: number) => Math.max(0, Math.min(1, (high - Math.log10(Math.max(value, 1e-12))) / (high - low)))
  const places = answers.map(({ series }, index) => (isByWidth ? Math.log2(Math.max(1, series.codeUnits)) : index))
  const [first, last] = [Math.min(...places), Math.max(...places)]
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, index) => Math.ceil(low) + index)
  return {
    ticks: decades.map((decade) => ({ label: String(Number((10 ** decade).toPrecision(1))), y: yOf(10 ** decade) })),
    points: answers.map(({ series: { rank, short }, through, ordinary }, index) => ({
      rank,
      short,
      x: last === first ? 0.5 : MARGIN + ((1 - 2 * MARGIN) * ((places[index] ?? 0) - first)) / (last - first),
      y: through ? yOf(through.mse) : null,
      band: ordinary && { low: yOf(ordinary.low), median: yOf(ordinary.median), high: yOf(ordinary.high) }
    })),
    noise: noiseMse > 0 ? yOf(noiseMse) : null
  }
}

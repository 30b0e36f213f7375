// The results of compared runs as rows of a table: one a value of what is varied, with the difference to the first run that has it.
import { lossOf } from './experiment'
import { formatDecimals, formatDeviation, formatLoss, formatPercent } from './format'
import { gapShare } from './metrics'
import type { Metrics, RunFile } from './run'
import { seriesMetrics, seriesMetricsSd, type Series } from './series'

export type MetricKey = keyof Metrics

export const metricKeys: readonly MetricKey[] = ['bce', 'mse', 'psnr', 'ssim', 'gapClosed']

const rows: Record<MetricKey, { label: string; better: 'less' | 'more'; format(value: number): string }> = {
  bce: { label: 'BCE', better: 'less', format: formatLoss },
  mse: { label: 'MSE', better: 'less', format: (value) => formatDecimals(value, 5) },
  psnr: { label: 'PSNR', better: 'more', format: (value) => `${formatDecimals(value, 2)} dB` },
  ssim: { label: 'SSIM', better: 'more', format: (value) => formatDecimals(value, 3) },
  gapClosed: { label: 'Gap closed', better: 'more', format: formatPercent }
}

export const metricLabel = (key: MetricKey) => rows[key].label
/** Whether less of it is better, in words. */
export const metricSense = (key: MetricKey) => `${rows[key].better} is better`

export interface ResultCell {
  /** `0.1278`; a dash where it is not measured. */
  text: string
  /** Standard deviation over the seeds, `± 0.0012`; empty for a single seed. */
  spread: string
  /** To the first run that has the value, `−0.0020`; empty there. */
  difference: string
}

export interface ResultRow {
  label: string
  /** One a run; null where the run has no such value. */
  cells: (ResultCell | null)[]
}

interface Compared {
  view: { file: RunFile }
  series: readonly Series[]
}

/** All values that any of the runs compares, in the order in which they come. */
export function valueLabels(runs: readonly { series: readonly Series[] }[]): string[] {
  const labels = [...new Set(runs.flatMap(({ series }) => series.map(({ label }) => label)))]
  const number = (label: string) => Number(label.replace(/^.*= /, '').replaceAll(',', ''))
  return labels.every((label) => Number.isFinite(number(label))) ? labels.sort((a, b) => number(a) - number(b)) : labels
}

export function resultRows(runs: readonly Compared[], key: MetricKey): ResultRow[] {
  return valueLabels(runs).map((label) => {
    let first: number | null = null
    const cells = runs.map(({ view: { file }, series }): ResultCell | null => {
      const own = series.find((one) => one.label === label)
      if (!own) return null
      const value = metricOf(file, own, key)
      const difference =
        value === null || first === null ? '' : signed(asPrinted(value, key) - asPrinted(first, key), key)
      first ??= value
      return { text: value === null ? '–' : rows[key].format(value), spread: spreadOf(file, own, key), difference }
    })
    return { label, cells }
  })
}

/** After the last epoch: as it was measured, else as the losses say it; null where neither does. */
export function metricOf(file: RunFile, series: Series, key: MetricKey): number | null {
  const measured = seriesMetrics(file, series)?.[key] ?? null
  if (measured !== null) return measured
  const loss = series.val[series.val.length - 1] ?? null
  if (key === 'mse') return series.mse[series.mse.length - 1] ?? null
  if (loss === null) return null
  if (key === 'gapClosed') return gapShare(loss, file.bounds)
  return key === lossOf(file.experiment) ? loss : null
}

function spreadOf(file: RunFile, series: Series, key: MetricKey): string {
  const sd = seriesMetricsSd(file, series)?.[key] ?? null
  return sd === null ? '' : `± ${formatDeviation(sd, rows[key].format).replace(' dB', '')}`
}

/** The value as the table has it: differences agree with what is printed. */
export function asPrinted(value: number, key: MetricKey): number {
  if (key === 'gapClosed') return Math.round(100 * value) / 100
  return Number(rows[key].format(value).replace(' dB', ''))
}

function signed(difference: number, key: MetricKey): string {
  const text =
    key === 'gapClosed' ? `${Math.round(100 * Math.abs(difference))} points` : rows[key].format(Math.abs(difference))
  const isZero = !/[1-9]/.test(text)
  return isZero ? `±${text.replace(' dB', '')}` : `${difference < 0 ? '−' : '+'}${text.replace(' dB', '')}`
}

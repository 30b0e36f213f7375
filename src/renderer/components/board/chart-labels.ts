// What the charts are called for those who can't see them: the values at the epoch looked at.
import type { LossSeries } from '@shared/charts/loss'
import { formatLoss } from '@shared/format'

/** The name of the chart of one series at an epoch; 0: none has ended, or the untrained models are looked at. */
export function rowLabel({ label, train, val, partialTrainLoss }: LossSeries, epoch: number): string {
  if (partialTrainLoss !== undefined && val.length === 0)
    return `Loss of ${label}: training ${formatLoss(partialTrainLoss)} so far in epoch 1`
  if (val.length === 0) return `Loss of ${label}: no epoch yet`
  if (epoch < 1) return `Loss of ${label}: not measured before the first epoch`
  const training = train ? `, training ${formatLoss(train[epoch - 1])}` : ''
  const other = train ? '' : '; it trains with another loss, which has no line here'
  return `Loss of ${label}: validation ${formatLoss(val[epoch - 1])}${training} after epoch ${epoch}${other}`
}

/** The name of the chart of all series at an epoch. */
export function allLabel(series: readonly LossSeries[], epoch: number): string {
  if (series.every(({ val }) => val.length === 0)) {
    const known = series.flatMap(({ label, partialTrainLoss }) =>
      partialTrainLoss === undefined ? [] : [`${label} ${formatLoss(partialTrainLoss)}`]
    )
    return known.length > 0
      ? `Training loss so far in epoch 1: ${known.join(', ')}`
      : 'Loss of all models: no epoch yet'
  }
  if (epoch < 1) return 'Loss of all models: not measured before the first epoch'
  const ends = series.map(({ label, val }) => `${label} ${formatLoss(val[epoch - 1])}`)
  return `Validation loss of all models after epoch ${epoch}: ${ends.join(', ')}`
}

// The charts of the open run as data: one a series and one for all, their names, and the colours that series have now.
import { computed, ref } from 'vue'
import type { LossChartOptions, LossSeries } from '@shared/charts/loss'
import { FEW_EPOCHS, highestLoss } from '@shared/charts/loss-scale'
import { seriesColours } from '@shared/charts/theme'
import { formatLoss } from '@shared/format'
import { mean } from '@shared/metrics'
import { useCursorStore } from '../../stores/cursor-store'
import { useRunStore } from '../../stores/run-store'
import { useChartTheme } from '../series-colours'

/** The axis of a young run reaches so far, then as far as its epochs; that of a run of a few epochs is whole from the start. */
const SHORTEST_AXIS = 5
/** More lines than this in one chart are grey but for the one that is meant. */
const MOST_COLOURED_LINES = 8

export function useLossCharts() {
  const run = useRunStore()
  const cursor = useCursorStore()
  const theme = useChartTheme()
  /** Rank of the series that is pointed at, and of the one that the keyboard is at. */
  const hovered = ref<number | null>(null)
  const focused = ref<number | null>(null)
  const meant = computed(() => hovered.value ?? focused.value)

  /** Each model's training loss in the first epoch; null once it has ended, so that later progress draws nothing. */
  const partialTrainLoss = computed(() => {
    const progress = run.lastEpoch === 0 ? run.view?.progress : null
    return progress?.epoch === 1 ? progress.partialTrainLoss : null
  })
  const series = computed<LossSeries[]>(() =>
    run.series.map((one) => {
      if (one.train === null) return one
      const partial = partialTrainLoss.value && mean(one.models.map((model) => partialTrainLoss.value?.[model] ?? NaN))
      return Number.isFinite(partial) ? { ...one, partialTrainLoss: partial as number } : one
    })
  )
  const crowded = computed(() => series.value.length > MOST_COLOURED_LINES)
  const colours = computed(() => seriesColours(theme.value, series.value.length))
  /** Where lines of all series lie in one picture. */
  const coloursTogether = computed(() => {
    if (!crowded.value) return colours.value
    return colours.value.map((colour, rank) => (rank === meant.value ? colour : theme.value.bound))
  })
  const seriesTogether = computed(() =>
    crowded.value ? series.value.map((one) => ({ ...one, muted: one.rank !== meant.value })) : series.value
  )

  /** What all charts share; null before the trainer has computed the bounds. */
  const common = computed(() => {
    const { plannedEpochs, file } = run
    const bounds = file?.bounds
    if (!bounds || !(bounds.meanDigit > bounds.perfectCopy)) return null
    return {
      seriesCount: series.value.length,
      bounds,
      highest: highestLoss(series.value, plannedEpochs),
      epochs: plannedEpochs <= FEW_EPOCHS ? plannedEpochs : Math.max(run.lastEpoch, SHORTEST_AXIS),
      scale: cursor.scale,
      theme: theme.value,
      cursor: null,
      endLabels: true
    }
  })
  const rowCharts = computed<(LossChartOptions | null)[]>(() =>
    series.value.map((one, rank) => {
      const last = rank === series.value.length - 1
      const inRow = { series: [one], overlaid: false, boundLabels: rank === 0, showXAxis: last }
      return common.value && { ...common.value, ...inRow }
    })
  )
  const overlaidChart = computed<LossChartOptions | null>(() => {
    const together = { series: seriesTogether.value, overlaid: true, boundLabels: true, showXAxis: true }
    return common.value && { ...common.value, ...together }
  })

  const rowLabels = computed(() => series.value.map(rowLabel))
  const overlaidLabel = computed(() => {
    const coloured = crowded.value && meant.value !== null ? series.value[meant.value] : undefined
    const all = allLabel(series.value, run.lastEpoch)
    return coloured ? `${all}. In colour: ${coloured.label}` : all
  })

  return {
    series,
    colours,
    coloursTogether,
    hovered,
    crowded,
    focused,
    meant,
    rowCharts,
    rowLabels,
    overlaidChart,
    overlaidLabel
  }
}

function rowLabel({ label, train, val, partialTrainLoss }: LossSeries): string {
  const epochs = val.length
  if (partialTrainLoss !== undefined)
    return `Loss of ${label}: training ${formatLoss(partialTrainLoss)} so far in epoch 1`
  if (epochs === 0) return `Loss of ${label}: no epoch yet`
  const training = train ? `, training ${formatLoss(train[epochs - 1])}` : ''
  const other = train ? '' : '; it trains with another loss, which has no line here'
  return `Loss of ${label}: validation ${formatLoss(val[epochs - 1])}${training} after epoch ${epochs}${other}`
}

function allLabel(series: LossSeries[], epochs: number): string {
  if (epochs === 0) {
    const known = series.flatMap(({ label, partialTrainLoss }) =>
      partialTrainLoss === undefined ? [] : [`${label} ${formatLoss(partialTrainLoss)}`]
    )
    return known.length > 0
      ? `Training loss so far in epoch 1: ${known.join(', ')}`
      : 'Loss of all models: no epoch yet'
  }
  const ends = series.map(({ label, val }) => `${label} ${formatLoss(val[epochs - 1])}`)
  return `Validation loss of all models after epoch ${epochs}: ${ends.join(', ')}`
}

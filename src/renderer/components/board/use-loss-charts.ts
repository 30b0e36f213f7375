// The charts of the open run as data: one a model and one for all, their names, and the colours that models have now.
import { computed, ref } from 'vue'
import type { LossChartOptions, LossSeries } from '@shared/charts/loss'
import { FEW_EPOCHS, highestLoss } from '@shared/charts/loss-scale'
import { seriesColours } from '@shared/charts/theme'
import { formatLoss } from '@shared/format'
import { useCursorStore } from '../../stores/cursor'
import { useRunStore } from '../../stores/run'
import { useChartTheme } from '../series-colours'

/** The axis of a young run reaches so far, then as far as its epochs; that of a run of a few epochs is whole from the start. */
const SHORTEST_AXIS = 5
/** More lines than this in one chart are grey but for the one that is meant. */
const MOST_COLOURED_LINES = 8

export function useLossCharts() {
  const run = useRunStore()
  const cursor = useCursorStore()
  const theme = useChartTheme()
  // a computed of its own, so that the ten messages a second about a training's progress make no chart anew
  const planned = computed(() => run.view?.file.experiment.epochs ?? 0)
  /** Rank of the model that is pointed at, and of the one that the keyboard is at. */
  const hovered = ref<number | null>(null)
  const focused = ref<number | null>(null)
  const meant = computed(() => hovered.value ?? focused.value)

  /** Each model's training loss in the first epoch; null once it has ended, so that later progress draws nothing. */
  const soFar = computed(() => {
    const progress = run.lastEpoch === 0 ? run.view?.progress : null
    return progress?.epoch === 1 ? progress.trainLoss : null
  })
  const series = computed<LossSeries[]>(() =>
    run.models.map(({ latentDim, history: { trainLoss, valLoss } }, rank) => {
      const loss = soFar.value?.[rank]
      return { latentDim, rank, trainLoss, valLoss, ...(loss !== undefined && { soFar: loss }) }
    })
  )
  const crowded = computed(() => series.value.length > MOST_COLOURED_LINES)
  const colours = computed(() => seriesColours(theme.value, series.value.length))
  /** Where lines of all models lie in one picture. */
  const coloursTogether = computed(() => {
    if (!crowded.value) return colours.value
    return colours.value.map((colour, rank) => (rank === meant.value ? colour : theme.value.bound))
  })
  const seriesTogether = computed(() =>
    crowded.value ? series.value.map((one) => ({ ...one, muted: one.rank !== meant.value })) : series.value
  )

  /** What all charts share; null before the trainer has computed the bounds. */
  const common = computed(() => {
    const { bounds } = run
    if (!bounds || !(bounds.meanDigit > bounds.perfectCopy)) return null
    return {
      models: series.value.length,
      bounds,
      highest: highestLoss(series.value, planned.value),
      epochs: planned.value <= FEW_EPOCHS ? planned.value : Math.max(run.lastEpoch, SHORTEST_AXIS),
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
    return coloured ? `${all}. In colour: d = ${coloured.latentDim}` : all
  })

  return {
    planned,
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

function rowLabel({ latentDim, trainLoss, valLoss, soFar }: LossSeries): string {
  const epochs = valLoss.length
  if (soFar !== undefined) return `Loss of d = ${latentDim}: training ${formatLoss(soFar)} so far in epoch 1`
  if (epochs === 0) return `Loss of d = ${latentDim}: no epoch yet`
  const [validation, training] = [valLoss, trainLoss].map((losses) => formatLoss(losses[epochs - 1]))
  return `Loss of d = ${latentDim}: validation ${validation}, training ${training} after epoch ${epochs}`
}

function allLabel(series: LossSeries[], epochs: number): string {
  if (epochs === 0) {
    const begun = series.flatMap(({ latentDim, soFar }) =>
      soFar === undefined ? [] : [`d = ${latentDim} ${formatLoss(soFar)}`]
    )
    return begun.length > 0
      ? `Training loss of all models so far in epoch 1: ${begun.join(', ')}`
      : 'Loss of all models: no epoch yet'
  }
  const ends = series.map(({ latentDim, valLoss }) => `d = ${latentDim} ${formatLoss(valLoss[epochs - 1])}`)
  return `Validation loss of all models after epoch ${epochs}: ${ends.join(', ')}`
}

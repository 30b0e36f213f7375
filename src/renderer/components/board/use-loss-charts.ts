// The charts of the open run as data: one a series and one for all, their names, and the colours that series have now.
import { namedBounds } from '@shared/dataset'
import { computed, ref } from 'vue'
import type { LossChartOptions, LossSeries } from '@shared/charts/loss'
import { FEW_EPOCHS, highestLoss } from '@shared/charts/loss-scale'
import { zoomedRange } from '@shared/charts/loss-zoom'
import { seriesColours } from '@shared/charts/theme'
import { lossOf } from '@shared/experiment'
import { isOrdered } from '@shared/hyperparameters'
import { mean } from '@shared/metrics'
import { bandOf } from '@shared/series'
import { smoothed } from '@shared/smoothing'
import { useCursorStore } from '../../stores/cursor-store'
import { useRunStore } from '../../stores/run-store'
import { useChartTheme } from '../series-colours'
import { allLabel, rowLabel } from './chart-labels'

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
  const banded = computed(() => run.series.map((one) => ({ ...one, area: bandOf(one, cursor.bandKind) })))
  const series = computed(() =>
    banded.value.map((one) => {
      if (one.train === null) return one
      const partial = partialTrainLoss.value && mean(one.models.map((model) => partialTrainLoss.value?.[model] ?? NaN))
      return Number.isFinite(partial) ? { ...one, partialTrainLoss: partial as number } : one
    })
  )
  const crowded = computed(() => series.value.length > MOST_COLOURED_LINES)
  /** Whether a line lies grey among the others: others are selected, or there are too many for colours. */
  const isGrey = (rank: number) =>
    cursor.models.size > 0 ? cursor.isMuted(rank) : crowded.value && rank !== meant.value
  const ordered = computed(() => isOrdered(run.file?.experiment.varied.key ?? 'latentDim'))
  const colours = computed(() => seriesColours(theme.value, series.value.length, ordered.value))
  /** The seeds of the series that is meant, where it has several. */
  const seedsOfMeant = computed(() => {
    const one = meant.value === null ? undefined : run.series[meant.value]
    if (!one || one.models.length < 2) return null
    const seeds = one.models.flatMap((index) => run.file?.models[index] ?? [])
    return {
      rank: one.rank,
      seeds: seeds.map(({ seed, history }) => ({ label: `seed ${seed}`, val: history.valLoss }))
    }
  })
  const withSeeds = (one: LossSeries): LossSeries =>
    seedsOfMeant.value?.rank === one.rank ? { ...one, seeds: seedsOfMeant.value.seeds } : one
  const seriesTogether = computed(() =>
    series.value.map((one) => withSeeds(isGrey(one.rank) ? { ...one, muted: true } : one))
  )

  /** The epochs that a zoomed chart shows fill it from top to bottom, in all charts alike. */
  const range = computed(() => {
    const { zoom, scale, smoothing } = cursor
    if (!zoom || !run.file) return null
    const seen = run.series.filter(({ rank }) => !cursor.isMuted(rank))
    const curves = seen.flatMap(({ val, train, band }) => [val, train ?? [], band?.low ?? [], band?.high ?? []])
    return zoomedRange([...curves, ...curves.map((curve) => smoothed(curve, smoothing))], zoom, run.file.bounds, scale)
  })

  /** What all charts share; null before the trainer has computed the bounds. */
  const common = computed(() => {
    const { plannedEpochs, file } = run
    const bounds = file && namedBounds(file)
    if (!bounds || !(bounds.meanDigit > bounds.perfectCopy)) return null
    return {
      seriesCount: run.series.length,
      ordered: ordered.value,
      bounds,
      highest: highestLoss(run.series, plannedEpochs, bounds),
      epochs: plannedEpochs <= FEW_EPOCHS ? plannedEpochs : Math.max(run.lastEpoch, SHORTEST_AXIS),
      scale: cursor.scale,
      theme: theme.value,
      cursor: null,
      xAxis: cursor.xAxis,
      smoothing: cursor.smoothing,
      range: range.value,
      lossName: lossOf(file.experiment).toUpperCase()
    }
  })
  const rowCharts = computed<(LossChartOptions | null)[]>(() =>
    series.value.map((one, rank) => {
      const last = rank === series.value.length - 1
      const shown = withSeeds(cursor.isMuted(rank) ? { ...one, muted: true } : one)
      const inRow = { series: [shown], overlaid: false, boundLabels: rank === 0, showXAxis: last }
      return common.value && { ...common.value, ...inRow, endLabels: false, rowAxis: true, cursorLabels: true }
    })
  )
  const overlaidChart = computed<LossChartOptions | null>(() => {
    const together = { series: seriesTogether.value, overlaid: true, boundLabels: true, showXAxis: true }
    return common.value && { ...common.value, ...together, endLabels: true, titled: true }
  })

  const rowLabels = computed(() =>
    run.series.map((_, rank) => rowLabel(series.value[rank] as LossSeries, cursor.epoch))
  )
  const overlaidLabel = computed(() => {
    const coloured = crowded.value && meant.value !== null ? series.value[meant.value] : undefined
    const all = allLabel(series.value, cursor.epoch)
    return coloured ? `${all}. In colour: ${coloured.label}` : all
  })

  return {
    common,
    series,
    colours,
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

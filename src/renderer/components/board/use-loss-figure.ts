// The board's loss charts as figures: of one series or of all, with the axes, the zoom and the smoothing that the board has.
import type { Ref } from 'vue'
import type { LossChartOptions } from '@shared/charts/loss'
import { lossFigure, lossFigureCsv } from '@shared/charts/loss-figure'
import { acrossWords } from '@shared/charts/x-axis'
import { bandOf, bandText, trainingKey } from '@shared/series'
import { chartSource } from '../../figures/chart-source'
import type { FigureSource } from '../../figures/figure'
import { useCursorStore } from '../../stores/cursor-store'
import { useRunStore } from '../../stores/run-store'

type Common = Pick<LossChartOptions, 'bounds' | 'highest' | 'epochs' | 'scale'> & Partial<LossChartOptions>

/** Answers with the function that makes the figure of the series of a rank, or of all (null); null before the bounds are known. */
export function useLossFigure(common: Readonly<Ref<Common | null>>): (rank: number | null) => FigureSource | null {
  const run = useRunStore()
  const cursor = useCursorStore()

  return (rank) => {
    const { file, series } = run
    if (!common.value || !file) return null
    const chosen = rank === null ? series : series.filter((one) => one.rank === rank)
    const shown = chosen.map((one) => ({
      ...one,
      area: bandOf(one, cursor.bandKind),
      ...(rank === null && cursor.isMuted(one.rank) && { muted: true })
    }))
    const xAxis = { ...cursor.xAxis, first: 1 as const } // the untrained models have no loss
    const options = { ...common.value, xAxis, seriesCount: series.length, series: shown }
    const words = {
      title: `Loss of ${rank === null ? 'all models' : (chosen[0]?.label ?? '')} ${acrossWords[xAxis.unit]}`,
      training: trainingKey(chosen, file.experiment),
      band: bandText(chosen, cursor.bandKind)
    }
    return chartSource(lossFigure(options, words), file.experiment.name, () => lossFigureCsv(options))
  }
}

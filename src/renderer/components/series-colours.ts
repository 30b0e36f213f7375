// How charts look now, and the colours of a run's series in the order of ranks: by the theme that is on.
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { darkTheme, seriesColours, lightTheme, type ChartTheme } from '@shared/charts/theme'
import { isOrdered, type HyperparameterKey } from '@shared/hyperparameters'
import { useRunStore } from '../stores/run-store'
import { useSettingsStore } from '../stores/settings-store'

export function useChartTheme(): ComputedRef<ChartTheme> {
  const settings = useSettingsStore()
  return computed(() => (settings.theme === 'dark' ? darkTheme : lightTheme))
}

/** `varied`: the hyperparameter that tells the series apart. */
export function useSeriesColours(
  count: MaybeRefOrGetter<number>,
  varied: MaybeRefOrGetter<HyperparameterKey>
): ComputedRef<string[]> {
  const theme = useChartTheme()
  return computed(() => seriesColours(theme.value, toValue(count), isOrdered(toValue(varied))))
}

/** Those of the open run on paper, whatever the theme of the window. */
export function usePaperColours(): ComputedRef<string[]> {
  const run = useRunStore()
  return computed(() =>
    seriesColours(lightTheme, run.series.length, isOrdered(run.file?.experiment.varied.key ?? 'latentDim'))
  )
}

/** Those of the open run. */
export function useRunColours(): ComputedRef<string[]> {
  const run = useRunStore()
  return useSeriesColours(
    () => run.series.length,
    () => run.file?.experiment.varied.key ?? 'latentDim'
  )
}

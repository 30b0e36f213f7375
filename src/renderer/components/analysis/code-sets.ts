// The code sets of an analysis by name and colour: models, PCA with as many components, pixels.
import { computed, type ComputedRef } from 'vue'
import type { CodeFigures, Codes } from '@shared/analysis'
import { useRunStore } from '../../stores/run-store'
import { useChartTheme, useSeriesColours } from '../series-colours'

export interface NamedCodes {
  name: string
  colour: string
  figures: CodeFigures
}

export function useCodeSets(codes: () => Codes): ComputedRef<NamedCodes[]> {
  const run = useRunStore()
  const theme = useChartTheme()
  const colours = useSeriesColours(() => run.series.length)
  return computed(() => {
    const seen = new Set<string>()
    return codes().codes.flatMap((figures) => {
      const { of, rank, size } = figures
      const name = of === 'model' ? (run.series[rank]?.label ?? '') : of === 'pca' ? `PCA, ${size}` : `pixels, ${size}`
      if (seen.has(name)) return [] // models of one code size have one PCA
      seen.add(name)
      const colour = (of === 'model' ? colours.value[rank] : undefined) ?? theme.value.bound
      return [{ name, colour, figures }]
    })
  })
}

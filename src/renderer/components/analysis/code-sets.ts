// The code sets of an analysis by name and colour: models that are selected, over their seeds, PCA with as many components, pixels.
import { computed, type ComputedRef } from 'vue'
import type { CodeFigures, Codes } from '@shared/analysis'
import { useCursorStore } from '../../stores/cursor-store'
import { useRunStore } from '../../stores/run-store'
import { useChartTheme, useRunColours } from '../series-colours'

export interface NamedCodes {
  name: string
  /** Of a model's series; null: of none. */
  rank: number | null
  colour: string
  of: CodeFigures['of']
  size: number
  /** One a seed; of PCA and pixels one. */
  figures: readonly CodeFigures[]
}

/** Whether the codes hardly vary, with no seed: distances between them are rounding noise. */
export const isFlat = ({ figures, size }: NamedCodes) =>
  figures.length > 0 && figures.every(({ dead }) => dead === size)

/** Of models that are not selected the figures are left out, as are those of PCA of their widths. */
export function useCodeSets(codes: () => Codes): ComputedRef<NamedCodes[]> {
  const run = useRunStore()
  const cursor = useCursorStore()
  const theme = useChartTheme()
  const colours = useRunColours()
  return computed(() => {
    const all = codes().codes
    const bound = theme.value.bound
    const models = run.series
      .filter(({ rank }) => !cursor.isMuted(rank))
      .map(({ rank, label }): NamedCodes => {
        const figures = all.filter((one) => one.of === 'model' && one.rank === rank)
        const colour = colours.value[rank] ?? bound
        return { name: label, rank, colour, of: 'model', size: figures[0]?.size ?? 0, figures }
      })
    const widths = new Set(models.map(({ size }) => size))
    const others = all
      .filter(({ of, size }) => of === 'pixels' || (of === 'pca' && widths.has(size)))
      .map((one): NamedCodes => {
        const name = `${one.of === 'pca' ? 'PCA' : 'pixels'}, ${one.size}`
        return { name, rank: null, colour: bound, of: one.of, size: one.size, figures: [one] }
      })
    return [...models, ...others]
  })
}

// The series that are selected in the window, or all where none is.
import { computed, type ComputedRef } from 'vue'
import type { Series } from '@shared/series'
import { useCursorStore } from '../stores/cursor-store'
import { useRunStore } from '../stores/run-store'

export function useShownSeries(): ComputedRef<readonly Series[]> {
  const run = useRunStore()
  const cursor = useCursorStore()
  return computed(() => {
    const selected = run.series.filter(({ rank }) => cursor.models.has(rank))
    return selected.length > 0 ? selected : run.series
  })
}

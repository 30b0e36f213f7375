// The figure that the screen as a whole offers: what the command `Save figure` is of.
import { onBeforeUnmount, onMounted } from 'vue'
import type { FigureSource } from './figure'
import { useFigureStore } from './figure-store'

/** As long as the component is there; null: nothing can be saved yet. */
export function useFigureOffer(make: () => FigureSource | null): void {
  const figures = useFigureStore()
  onMounted(() => (figures.offer = make))
  onBeforeUnmount(() => {
    if (figures.offer === make) figures.offer = null
  })
}

// The rows of a long list that are in the page: those that can be seen, and the one that Tab reaches. Their heights are measured.
import { defaultRangeExtractor, measureElement, observeElementRect, useVirtualizer } from '@tanstack/vue-virtual'
import { computed, type Ref } from 'vue'

export interface VirtualRows<Row> {
  rows(): readonly Row[]
  keyOf(row: Row): string
  /** Height in CSS pixels until it has been measured. */
  estimate(row: Row | undefined): number
  /** Index of the row that stays in the page wherever the list is scrolled to; below 0: none. */
  kept(): number
}

/** Rows in the scrolling element `list`. */
export function useVirtualRows<Row>(list: Ref<Element | null>, { rows, keyOf, estimate, kept }: VirtualRows<Row>) {
  const virtualizer = useVirtualizer<Element, Element>(
    computed(() => {
      const all = rows()
      const keptRow = kept()
      return {
        count: all.length,
        getScrollElement: () => list.value,
        estimateSize: (index) => estimate(all[index]),
        getItemKey: (index) => (all[index] === undefined ? index : keyOf(all[index])),
        overscan: 8,
        rangeExtractor: (range) => {
          const seen = defaultRangeExtractor(range)
          return keptRow < 0 || seen.includes(keptRow) ? seen : [...seen, keptRow].sort((a, b) => a - b)
        },
        // a page that is not laid out has no heights
        measureElement: (element, entry, instance) =>
          measureElement(element, entry, instance) || estimate(all[instance.indexFromElement(element)]),
        observeElementRect: (instance, tell) =>
          observeElementRect(instance, (rect) => tell({ ...rect, height: rect.height || innerHeight }))
      }
    })
  )
  const items = computed(() =>
    virtualizer.value.getVirtualItems().flatMap(({ index, start, key }) => {
      const row = rows()[index]
      return row === undefined ? [] : [{ row, index, start, key: String(key) }]
    })
  )
  return {
    /** Each with its index and its distance from the top in CSS pixels. */
    items,
    height: computed(() => virtualizer.value.getTotalSize()),
    /** A function ref for each row's element, which has `data-index`. */
    measure: (element: unknown) => {
      if (element instanceof Element) virtualizer.value.measureElement(element)
    },
    /** Forgets all heights. */
    measureAnew: () => virtualizer.value.measure(),
    scrollTo: (index: number) => virtualizer.value.scrollToIndex(index)
  }
}

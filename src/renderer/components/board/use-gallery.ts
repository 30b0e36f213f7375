// The gallery of digits: which column is chosen and pointed at, where its tab stop is, and which digit is shown large.
import { computed, ref, type Ref } from 'vue'
import { useCursorStore } from '../../stores/cursor-store'
import { COLUMNS } from '../probes'

/** `board` holds the rows, each with a group of ten buttons marked data-gallery. */
export function useGallery(board: Readonly<Ref<HTMLElement | null>>) {
  const cursor = useCursorStore()
  const firstDigit = computed(() => (cursor.digitSet === 'first' ? 0 : COLUMNS))
  const column = computed(() => cursor.digit % COLUMNS)
  /** Column that is pointed at. */
  const over = ref<number | null>(null)
  /** Rank of the row whose chosen digit is the tab stop. */
  const stop = ref(0)
  /** The digit shown large. */
  const large = ref<{ rank: number; column: number } | null>(null)

  function choose(chosen: number): void {
    cursor.digit = firstDigit.value + chosen
  }

  /** Moves the focus from digit to digit, by keys. */
  function move(event: KeyboardEvent): void {
    const rows = [...(board.value?.querySelectorAll<HTMLElement>('[data-gallery]') ?? [])]
    const at = rows.findIndex((row) => row.contains(event.target as Node))
    const step = steps[event.key]
    if (at < 0 || !step) return
    event.preventDefault()
    const [down, right] = step
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + down))]
    const next = Math.max(0, Math.min(COLUMNS - 1, column.value + right))
    row?.querySelectorAll('button')[next]?.focus()
  }

  return { firstDigit, column, over, stop, large, choose, move }
}

/** Rows down and columns to the right. */
const steps: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -COLUMNS],
  End: [0, COLUMNS]
}

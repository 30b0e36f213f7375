// The digits on show: those of the epoch looked at, or what was there before until they arrive; in the first epoch the newest of it.
import { computed, shallowRef, watch, watchEffect } from 'vue'
import { useCursorStore } from '../../stores/cursor-store'
import { useRunStore } from '../../stores/run-store'
import { epochName } from '../probes'
import { shownDigits, type EpochDigits } from './board-row'

const FIRST_EPOCH = 'during epoch 1'

export function useBoardDigits() {
  const run = useRunStore()
  const cursor = useCursorStore()
  const shown = shallowRef<EpochDigits | null>(null)
  /** Of the first epoch while it is under way. */
  const partial = computed(() => (run.lastEpoch === 0 ? (run.freshDigits?.digits ?? null) : null))
  /** What is looked at, in words. */
  const when = computed(() => {
    if (cursor.epoch > 0) return `at epoch ${cursor.epoch}`
    return partial.value ? FIRST_EPOCH : epochName(0)
  })
  /** What the digits on show are of. */
  const shownWhen = computed(() => {
    if (shown.value === null) return when.value
    return shown.value.pixels === partial.value ? FIRST_EPOCH : epochName(shown.value.epoch)
  })

  watch(
    () => ({ epoch: cursor.epoch, pixels: partial.value ?? run.digits(cursor.epoch) }),
    ({ epoch, pixels }) => (shown.value = shownDigits(epoch, pixels, shown.value)),
    { immediate: true }
  )
  // while playing, digits are asked for a second ahead
  watchEffect(() => {
    if (cursor.playing) run.digits(cursor.epoch + cursor.pace)
  })

  return { shown, when, shownWhen }
}

// Which screen is open, which dialog lies on it, and whether the rail is folded.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

export type Screen = 'first-start' | 'new-experiment' | 'run'
export type Dialog = 'settings' | 'shortcuts'

export const useScreenStore = defineStore('screen', () => {
  const screen = ref<Screen | null>(null)
  const dialog = ref<Dialog | null>(null)
  const devicePanelOpen = ref(false)
  const renaming = ref(false)
  const foldedByUser = ref(false)
  const isNarrow = ref(false)
  /** Narrow windows fold the rail whatever the user chose. */
  const railFolded = computed(() => isNarrow.value || foldedByUser.value)

  function watchWidth(): void {
    const query = matchMedia('(max-width: 1179px)')
    isNarrow.value = query.matches
    query.addEventListener('change', ({ matches }) => {
      isNarrow.value = matches
    })
  }

  function toggleRail(): void {
    foldedByUser.value = !foldedByUser.value
  }

  return { screen, dialog, devicePanelOpen, renaming, railFolded, watchWidth, toggleRail }
})

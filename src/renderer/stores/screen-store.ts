// Which screen is open, which dialog lies on it, and how the rail stands.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { RunTab } from '../views/run-tabs'

export type Screen = 'first-start' | 'new-experiment' | 'run' | 'compare'
export type Dialog =
  | 'settings'
  | 'shortcuts'
  | 'palette'
  | 'notes'
  | 'report'
  | 'export'
  | 'figure'
  | 'animation'
  | 'import'
  | 'storage'
  | 'verify'

export const useScreenStore = defineStore('screen', () => {
  const screen = ref<Screen | null>(null)
  const dialog = ref<Dialog | null>(null)
  /** The run that the dialog about a run is of. */
  const dialogRun = ref<string | null>(null)
  const devicePanelOpen = ref(false)
  const renaming = ref(false)
  const runTab = ref<RunTab>('overview')
  const foldedByUser = ref(false)
  const isNarrow = ref(false)
  /** Narrow windows fold the rail; opened there, it lies over the screen until it is left. */
  const railOver = ref(false)
  const railFolded = computed(() => (isNarrow.value ? !railOver.value : foldedByUser.value))

  /** How often the search of the run list was asked for. */
  const searches = ref(0)

  function watchWidth(): void {
    const query = matchMedia('(max-width: 1179px)')
    isNarrow.value = query.matches
    query.addEventListener('change', ({ matches }) => {
      isNarrow.value = matches
      railOver.value = false
    })
  }

  function toggleRail(): void {
    if (isNarrow.value) railOver.value = !railOver.value
    else foldedByUser.value = !foldedByUser.value
  }

  /** Unfolds the rail; the search of the run list then takes the focus. */
  function searchRuns(): void {
    if (railFolded.value) toggleRail()
    searches.value++
  }

  return {
    screen,
    dialog,
    dialogRun,
    devicePanelOpen,
    renaming,
    runTab,
    railOver,
    railFolded,
    searches,
    watchWidth,
    toggleRail,
    searchRuns
  }
})

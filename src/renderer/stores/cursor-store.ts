// What the user looks at in a run: one epoch, one digit, one way to draw the charts. Shared by every view of the run.
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useRunStore } from './run-store'

/** Pace of the time machine while it plays. */
const EPOCHS_PER_SECOND = 8

export const useCursorStore = defineStore('cursor', () => {
  const run = useRunStore()
  /** The epoch chosen in the past; null: the latest, whatever it is. */
  const chosen = ref<number | null>(null)
  /** Column of the chosen digit, 0 to 19 among the probes. */
  const digit = ref(4)
  const digitSet = ref<'first' | 'classes'>('first')
  const chartView = ref<'rows' | 'overlaid'>('rows')
  const scale = ref<'linear' | 'log'>('linear')
  const playing = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined

  const live = computed(() => chosen.value === null)
  /** The selected epoch, 1 to the last; 0 while there is none. Choosing the last one or beyond is going live. */
  const epoch = computed({
    get: () => Math.min(chosen.value ?? run.lastEpoch, run.lastEpoch),
    set: (wanted: number) => {
      chosen.value = wanted >= run.lastEpoch ? null : Math.max(1, Math.round(wanted))
    }
  })

  function goLive(): void {
    pause()
    chosen.value = null
  }

  /** Moves by so many epochs; a playing time machine halts. */
  function step(epochs: number): void {
    pause()
    epoch.value += epochs
  }

  /** Plays from the selected epoch to the latest, from the first where the latest is selected. */
  function play(): void {
    if (playing.value || run.lastEpoch < 2) return
    if (live.value) epoch.value = 1
    playing.value = true
    timer = setInterval(() => {
      epoch.value += 1
      if (live.value) pause()
    }, 1000 / EPOCHS_PER_SECOND)
  }

  function pause(): void {
    playing.value = false
    clearInterval(timer)
  }

  const togglePlay = () => (playing.value ? pause() : play())

  watch(() => run.id, goLive)

  return { epoch, live, digit, digitSet, chartView, scale, playing, goLive, step, play, pause, togglePlay }
})

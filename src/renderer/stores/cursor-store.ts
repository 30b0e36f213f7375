// What the user looks at in a run: one epoch, some models, one digit, one way to draw the charts. Shared by every view of the run.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { createChartSettings } from './chart-settings'
import { createPlayer } from './player'
import { useRunStore } from './run-store'

export const useCursorStore = defineStore('cursor', () => {
  const run = useRunStore()
  /** The epoch chosen in the past; null: the latest, whatever it is. */
  const chosen = ref<number | null>(null)
  /** The epoch that a chart is pointed at; null: none. While it is pointed at, everything shows it. */
  const pointed = ref<number | null>(null)
  /** Column of the chosen digit, 0 to 19 among the probes. */
  const digit = ref(4)
  const digitSet = ref<'first' | 'classes'>('first')
  /** Ranks of the models that are selected; empty: all are meant. */
  const models = shallowRef<ReadonlySet<number>>(new Set())

  const live = computed(() => (pointed.value === null ? chosen.value === null : pointed.value >= run.lastEpoch))
  /** The epoch looked at, 0 (the untrained models) to the last. Choosing the last one or beyond is going live. */
  const epoch = computed({
    get: () => Math.min(pointed.value ?? chosen.value ?? run.lastEpoch, run.lastEpoch),
    set: (wanted: number) => {
      pointed.value = null
      chosen.value = wanted >= run.lastEpoch ? null : Math.max(0, Math.round(wanted))
    }
  })
  const lastEpoch = computed(() => run.lastEpoch)
  const hasTimes = computed(() => run.series.every(({ seconds }) => seconds !== null))
  const charts = createChartSettings(lastEpoch, epoch, hasTimes)
  const player = createPlayer(() => {
    epoch.value += 1
    return !live.value
  })
  const { playing, pause } = player

  function goLive(): void {
    pause()
    epoch.value = Infinity
  }

  /** Looks at an epoch; a playing time machine halts. */
  function goTo(wanted: number): void {
    pause()
    epoch.value = wanted
  }

  /** Moves by so many epochs; a playing time machine halts. */
  const step = (epochs: number) => goTo(epoch.value + epochs)

  /** Shows an epoch for as long as it is pointed at, null: no more. Not while the time machine plays. */
  function point(at: number | null): void {
    pointed.value = at === null || playing.value ? null : Math.max(0, Math.min(run.lastEpoch, Math.round(at)))
  }

  /** Looks at the epoch of the least validation loss of the selected models, or of all. */
  function goToBest(): void {
    const best = bestEpoch(run.series.filter(({ rank }) => !isMuted(rank)))
    if (best !== null) goTo(best)
  }

  /** Plays from the selected epoch to the latest, from the untrained models where the latest is selected. */
  function play(): void {
    if (playing.value || run.lastEpoch < 1) return
    if (live.value) epoch.value = 0
    pointed.value = null
    player.start()
  }

  const togglePlay = () => (playing.value ? pause() : play())

  /** Adds a model to the selection or takes it out; `alone`: selects it alone, or all again where it is selected alone. */
  function toggleModel(rank: number, alone = false): void {
    const others = [...models.value].filter((one) => one !== rank)
    const isIn = models.value.has(rank)
    if (alone) models.value = new Set(isIn && others.length === 0 ? [] : [rank])
    else models.value = new Set(isIn ? others : [...others, rank])
  }

  function selectAll(): void {
    models.value = new Set()
  }

  /** Whether other models are selected: it is shown grey. */
  function isMuted(rank: number): boolean {
    return models.value.size > 0 && !models.value.has(rank)
  }

  watch(
    () => run.id,
    () => {
      goLive()
      selectAll()
      charts.resetZoom()
    }
  )

  return {
    epoch,
    live,
    pointed,
    digit,
    digitSet,
    models,
    playing,
    pace: player.pace,
    setPace: player.setPace,
    goLive,
    goTo,
    goToBest,
    step,
    point,
    play,
    pause,
    togglePlay,
    toggleModel,
    selectAll,
    isMuted,
    hasTimes,
    ...charts
  }
})

/** The epoch, from 1, with the least of all these losses; the first of equals; null where there is no loss. */
function bestEpoch(series: readonly { val: readonly (number | null)[] }[]): number | null {
  let best: number | null = null
  let least = Infinity
  for (const { val } of series) {
    val.forEach((loss, index) => {
      if (loss === null || loss >= least) return
      least = loss
      best = index + 1
    })
  }
  return best
}

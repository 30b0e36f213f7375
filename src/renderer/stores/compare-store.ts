// Several runs beside each other: which ones were chosen in the list, and what the screen that compares them knows of each.
import { defineStore } from 'pinia'
import { computed, effectScope, ref, shallowReactive, shallowRef, type EffectScope, type ShallowRef } from 'vue'
import type { Probes } from '@shared/contract'
import { sentence, toLabErrorData, Unreachable } from '@shared/errors'
import { epochsDone, type RunView } from '@shared/run'
import { seriesOf, type Series } from '@shared/series'
import { useLabStore } from './lab-store'
import { createChartSettings } from './chart-settings'
import { isBehind, withEpoch, withSummary } from './run-changes'
import { createRunDigits } from './run-digits'
import { createRunProbes } from './run-probes'

export const MOST_COMPARED = 8
const ADDRESS = '#compare='

/** A run on the screen that compares. */
export interface ComparedRun {
  id: string
  /** `A`, `B` …, by which charts and tables name it. */
  letter: string
  view: RunView
  series: Series[]
  epochs: number
  /** The fixed test images of its data set; null where they can't be had. */
  probes: Probes | null
  /** Reconstructions after an epoch, as run-digits.ts has them; null until they are here. */
  digits(epoch: number): Uint8Array | null
}

interface Followed {
  id: string
  view: ShallowRef<RunView | null>
  probes: ShallowRef<Probes | null>
  digits: ReturnType<typeof createRunDigits>
  scope: EffectScope
}

export const useCompareStore = defineStore('compare', () => {
  const lab = useLabStore()
  /** Chosen in the list, in the order of choice. */
  const chosen = ref<string[]>([])
  /** Whether the list shows a box before each run. */
  const choosing = ref(false)
  /** On the screen that compares. */
  const followed = shallowRef<Followed[]>([])
  /** Why a run can't be shown, by its id. */
  const problems = shallowReactive(new Map<string, string>())
  const probesOf = createRunProbes(lab.calls)
  /** The epoch of all runs; null: the latest of each. */
  const epochChosen = ref<number | null>(null)

  const runs = computed(() =>
    followed.value.flatMap(({ id, view, probes, digits }, index): ComparedRun[] => {
      if (!view.value) return []
      const letter = String.fromCharCode(65 + index)
      const { file } = view.value
      const known = { id, letter, view: view.value, probes: probes.value }
      return [{ ...known, series: seriesOf(file), epochs: epochsDone(file), digits: digits.get }]
    })
  )
  const ids = computed(() => followed.value.map(({ id }) => id))
  const lastEpoch = computed(() => Math.max(0, ...runs.value.map(({ epochs }) => epochs)))
  /** The epoch that a chart is pointed at; null: none. */
  const pointed = ref<number | null>(null)
  const epoch = computed({
    get: () => Math.min(pointed.value ?? epochChosen.value ?? lastEpoch.value, lastEpoch.value),
    set: (wanted: number) => {
      pointed.value = null
      epochChosen.value = wanted >= lastEpoch.value ? null : Math.max(1, Math.round(wanted))
    }
  })
  const hasTimes = computed(() => runs.value.every(({ series }) => series.every(({ seconds }) => seconds !== null)))
  const charts = createChartSettings(lastEpoch, epoch, hasTimes)
  const goTo = (wanted: number) => (epoch.value = wanted)

  /** Shows an epoch for as long as it is pointed at, null: no more. */
  function point(at: number | null): void {
    pointed.value = at === null ? null : Math.max(1, Math.round(at))
  }

  const isChosen = (id: string) => chosen.value.includes(id)

  /** Chooses a run or gives it up; one more than can be compared is not taken. */
  function toggle(id: string): void {
    choosing.value = true
    if (isChosen(id)) chosen.value = chosen.value.filter((other) => other !== id)
    else if (chosen.value.length < MOST_COMPARED) chosen.value = [...chosen.value, id]
  }

  /** Shows these runs; their ids in the address bring them back after a reload. */
  function open(wanted: readonly string[]): void {
    close()
    const unique = [...new Set(wanted)].slice(0, MOST_COMPARED)
    chosen.value = unique
    history.replaceState(null, '', ADDRESS + unique.join(','))
    followed.value = unique.map(follow)
    void readAll()
  }

  /** The runs that the address names; none where it names no comparison. */
  function idsInAddress(): string[] {
    if (!location.hash.startsWith(ADDRESS)) return []
    return location.hash.slice(ADDRESS.length).split(',').filter(Boolean)
  }

  function close(): void {
    for (const { scope } of followed.value) scope.stop()
    followed.value = []
    problems.clear()
    epochChosen.value = null
    charts.resetZoom()
  }

  function follow(id: string): Followed {
    const scope = effectScope(true)
    const view = shallowRef<RunView | null>(null)
    const digits = scope.run(() =>
      createRunDigits(
        ref(id),
        computed(() => (view.value ? epochsDone(view.value.file) : 0)),
        computed(() => !view.value?.dataProblem)
      )
    ) as ReturnType<typeof createRunDigits>
    return { id, view, probes: shallowRef<Probes | null>(null), digits, scope }
  }

  async function readAll(): Promise<void> {
    await Promise.all(followed.value.map(read))
  }

  async function read(one: Followed): Promise<void> {
    try {
      const view = await lab.calls.openRun(one.id)
      one.probes.value = await probesOf(view)
      one.view.value = view
      one.digits.askForMissing()
      problems.delete(one.id)
    } catch (thrown) {
      if (!(thrown instanceof Unreachable)) problems.set(one.id, sentence(toLabErrorData(thrown)))
    }
  }

  const withId = (id: string) => followed.value.find((one) => one.id === id)

  lab.on('epochEnded', (ended) => {
    const one = withId(ended.id)
    if (!one?.view.value) return
    one.digits.put(ended)
    if (ended.epoch > epochsDone(one.view.value.file) + 1) void read(one)
    else one.view.value = withEpoch(one.view.value, ended)
  })
  lab.on('runChanged', (run) => {
    const one = withId(run.id)
    if (!one?.view.value) return
    const isStale = isBehind(one.view.value, run)
    one.view.value = withSummary(one.view.value, run)
    if (isStale) void read(one)
  })
  lab.on('runRemoved', (id) => {
    chosen.value = chosen.value.filter((other) => other !== id)
    const gone = withId(id)
    if (!gone) return
    gone.scope.stop()
    followed.value = followed.value.filter((one) => one !== gone)
  })
  lab.on('datasetsChanged', () => void readAll())
  lab.onOpen(() => void readAll())

  return {
    chosen,
    choosing,
    ids,
    runs,
    problems,
    epoch,
    lastEpoch,
    isChosen,
    toggle,
    open,
    close,
    idsInAddress,
    hasTimes,
    goTo,
    point,
    ...charts
  }
})

// Analyses of the open run: of the epoch looked at or another, what is under way, and why there is nothing.
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Analysis, TabAnalysis, AnalysisProgress } from '@shared/analysis'
import { toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { isActive } from '@shared/run'
import { useCursorStore } from './cursor-store'
import { useLabStore } from './lab-store'
import { useRunStore } from './run-store'
import { useRunsStore } from './runs-store'

type Results = { [Kind in TabAnalysis]: Extract<Analysis, { kind: Kind }> | null }
export type AnalysisUnderWay = Omit<AnalysisProgress, 'id'>
type AnalysisEnd = LabErrorData | 'cancelled'

/** Analyses of the run that the page keeps. */
const MOST_KEPT = 16

export const useAnalysisStore = defineStore('analysis', () => {
  const lab = useLabStore()
  const run = useRunStore()
  const runs = useRunsStore()
  const cursor = useCursorStore()
  /** What is shown: of the epoch looked at; where that is not analysed, what was shown before. */
  const results = shallowRef<Results>({ claims: null, codes: null })
  /** What this page has asked for and waits for, in that order. */
  const underWay = shallowRef<readonly AnalysisUnderWay[]>([])
  /** Of those that came to nothing, by kind and epoch: why, or that they were given up, by the user or for a training. */
  const ends = shallowRef<ReadonlyMap<string, AnalysisEnd>>(new Map())
  /** While anything trains, nothing is computed unless the user asks. */
  const isTraining = computed(() => runs.all.some(({ state }) => isActive(state)))
  const kept = new Map<string, Analysis>()
  const reading = new Set<TabAnalysis>()
  const askedMeanwhile = new Set<TabAnalysis>()

  /** Shows what there is of the epoch looked at; where a run has no analysis at all, its last epoch's is computed, unless something trains. */
  async function look(kind: TabAnalysis): Promise<void> {
    if (reading.has(kind)) {
      askedMeanwhile.add(kind)
      return
    }
    reading.add(kind)
    let looked: string
    do {
      askedMeanwhile.delete(kind)
      looked = place()
      const [id, epoch] = [run.id, cursor.epoch]
      await lookAt(kind).catch((thrown: unknown) => run.id === id && fail(kind, epoch, thrown))
    } while (looked !== place() || askedMeanwhile.has(kind))
    reading.delete(kind)
  }

  const place = () => `${run.id} ${cursor.epoch}`

  async function lookAt(kind: TabAnalysis): Promise<void> {
    const { id, lastEpoch } = run
    const { epoch } = cursor
    if (id === null || lastEpoch === 0 || results.value[kind]?.epoch === epoch) return
    const read = (at: number) => kept.get(nameOf(kind, at)) ?? lab.calls.readAnalysis(id, { kind, epoch: at })
    const found = (await read(epoch)) ?? (results.value[kind] ? null : await read(lastEpoch))
    if (run.id !== id) return
    if (found) take(found)
    else if (!results.value[kind] && cursor.live && mayStart(kind, epoch)) void start(kind, epoch)
  }

  const mayStart = (kind: TabAnalysis, epoch: number) =>
    !isTraining.value && endOf(kind, epoch) === null && !underWay.value.some((one) => one.kind === kind)

  const nameOf = (kind: Analysis['kind'], epoch: number) => `${kind} ${epoch}`
  const endOf = (kind: TabAnalysis, epoch: number): AnalysisEnd | null => ends.value.get(nameOf(kind, epoch)) ?? null

  /** Null: it may come to something again. */
  function setEnd(kind: Analysis['kind'], epoch: number, end: AnalysisEnd | null): void {
    const next = new Map(ends.value)
    next.delete(nameOf(kind, epoch))
    if (end) next.set(nameOf(kind, epoch), end)
    ends.value = next
  }

  async function start(kind: TabAnalysis, epoch: number): Promise<void> {
    const id = run.id
    if (id === null) return
    setEnd(kind, epoch, null)
    const isThis = (one: AnalysisUnderWay) => one.kind === kind && one.epoch === epoch
    underWay.value = [...underWay.value.filter((one) => !isThis(one)), { kind, epoch, share: 0, step: 'starting' }]
    try {
      const found = await lab.calls.analyse(id, { kind, epoch })
      if (run.id !== id) return
      if (found) keep(found)
      else setEnd(kind, epoch, 'cancelled')
    } catch (thrown) {
      if (run.id === id) fail(kind, epoch, thrown)
    } finally {
      if (run.id === id) underWay.value = underWay.value.filter((one) => !isThis(one))
    }
    if (run.id === id) await look(kind)
  }

  async function cancel(kind: TabAnalysis, epoch: number): Promise<void> {
    if (run.id === null) return
    await lab.calls.cancelAnalysis(run.id, { kind, epoch }).catch((thrown: unknown) => fail(kind, epoch, thrown))
  }

  function keep(found: Analysis): void {
    kept.set(nameOf(found.kind, found.epoch), found)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
  }

  function take(found: Analysis): void {
    keep(found)
    results.value = { ...results.value, [found.kind]: found }
    setEnd(found.kind, found.epoch, null)
  }

  function fail(kind: TabAnalysis, epoch: number, thrown: unknown): void {
    if (!(thrown instanceof Unreachable)) setEnd(kind, epoch, toLabErrorData(thrown))
  }

  lab.on('analysisProgress', ({ id, ...told }) => {
    if (id !== run.id) return
    const isOwn = (one: AnalysisUnderWay) => one.kind === told.kind && one.epoch === told.epoch
    if (told.share === 1 && told.kind !== 'umap' && !underWay.value.some(isOwn)) void look(told.kind) // another window's
    underWay.value = underWay.value.map((one) => (isOwn(one) ? told : one))
  })
  watch(
    () => run.id,
    (_, before) => {
      if (before !== null && underWay.value.length > 0) void lab.calls.cancelAnalysis(before).catch(() => undefined)
      results.value = { claims: null, codes: null }
      kept.clear()
      underWay.value = []
      ends.value = new Map()
    }
  )

  return { results, underWay, endOf, isTraining, look, start, cancel }
})

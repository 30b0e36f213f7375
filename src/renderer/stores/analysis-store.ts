// Analyses of the open run: of the epoch looked at or another, what is under way, and why there is nothing.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Analysis, TabAnalysis, AnalysisProgress } from '@shared/analysis'
import { toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { isActive } from '@shared/run'
import { useCursorStore } from './cursor-store'
import { useLabStore } from './lab-store'
import { useRunStore } from './run-store'
import { useRunsStore } from './runs-store'

type Results = { [Kind in TabAnalysis]: Extract<Analysis, { kind: Kind }> | null }
export type AnalysisUnderWay = Omit<AnalysisProgress, 'id'>

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
  const problem = shallowRef<LabErrorData | null>(null)
  /** Whether the last one was given up, by the user or for a training. */
  const isCancelled = ref(false)
  /** While anything trains, nothing is computed unless the user asks. */
  const isTraining = computed(() => runs.all.some(({ state }) => isActive(state)))
  const kept = new Map<string, Analysis>()
  const isReading = { claims: false, codes: false }

  /** Shows what there is of the epoch looked at; where a run has no analysis at all, its last epoch's is computed, unless something trains. */
  async function look(kind: TabAnalysis): Promise<void> {
    if (isReading[kind]) return
    isReading[kind] = true
    let looked: string
    do {
      looked = place()
      await lookAt(kind).catch(fail)
    } while (looked !== place())
    isReading[kind] = false
  }

  const place = () => `${run.id} ${cursor.epoch}`

  async function lookAt(kind: TabAnalysis): Promise<void> {
    const { id, lastEpoch } = run
    const { epoch } = cursor
    if (id === null || lastEpoch === 0 || results.value[kind]?.epoch === epoch) return
    const read = (at: number) => kept.get(`${kind} ${at}`) ?? lab.calls.readAnalysis(id, { kind, epoch: at })
    const found = (await read(epoch)) ?? (results.value[kind] ? null : await read(lastEpoch))
    if (run.id !== id) return
    if (found) take(found)
    else if (!results.value[kind] && cursor.live && mayStart(kind)) void start(kind, epoch)
  }

  const mayStart = (kind: TabAnalysis) =>
    !isTraining.value && !isCancelled.value && !problem.value && !underWay.value.some((one) => one.kind === kind)

  async function start(kind: TabAnalysis, epoch: number): Promise<void> {
    const id = run.id
    if (id === null) return
    problem.value = null
    isCancelled.value = false
    const isThis = (one: AnalysisUnderWay) => one.kind === kind && one.epoch === epoch
    underWay.value = [...underWay.value.filter((one) => !isThis(one)), { kind, epoch, share: 0, step: 'starting' }]
    try {
      const found = await lab.calls.analyse(id, { kind, epoch })
      if (run.id !== id) return
      if (found) keep(found)
      else isCancelled.value = true
    } catch (thrown) {
      if (run.id === id) fail(thrown)
    } finally {
      if (run.id === id) underWay.value = underWay.value.filter((one) => !isThis(one))
    }
    if (run.id === id) await look(kind)
  }

  async function cancel(kind: TabAnalysis, epoch: number): Promise<void> {
    if (run.id !== null) await lab.calls.cancelAnalysis(run.id, { kind, epoch }).catch(fail)
  }

  function keep(found: Analysis): void {
    kept.set(`${found.kind} ${found.epoch}`, found)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
  }

  function take(found: Analysis): void {
    keep(found)
    results.value = { ...results.value, [found.kind]: found }
    problem.value = null
  }

  function fail(thrown: unknown): void {
    if (!(thrown instanceof Unreachable)) problem.value = toLabErrorData(thrown)
  }

  lab.on('analysisProgress', ({ id, ...told }) => {
    if (id !== run.id) return
    underWay.value = underWay.value.map((one) => (one.kind === told.kind && one.epoch === told.epoch ? told : one))
  })
  watch(
    () => run.id,
    (_, before) => {
      if (before !== null && underWay.value.length > 0) void lab.calls.cancelAnalysis(before).catch(() => undefined)
      results.value = { claims: null, codes: null }
      kept.clear()
      underWay.value = []
      problem.value = null
      isCancelled.value = false
    }
  )

  return { results, underWay, problem, isCancelled, isTraining, look, start, cancel }
})

// Analyses of the open run: what is known, what is under way, and why there is nothing.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Analysis, AnalysisKind, AnalysisProgress } from '@shared/analysis'
import { toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { isActive } from '@shared/run'
import { useLabStore } from './lab-store'
import { useRunStore } from './run-store'
import { useRunsStore } from './runs-store'

type Results = { [Kind in AnalysisKind]: Extract<Analysis, { kind: Kind }> | null }

export const useAnalysisStore = defineStore('analysis', () => {
  const lab = useLabStore()
  const run = useRunStore()
  const runs = useRunsStore()
  const results = shallowRef<Results>({ claims: null, codes: null })
  /** What is computed now. */
  const progress = shallowRef<Omit<AnalysisProgress, 'id'> | null>(null)
  const problem = shallowRef<LabErrorData | null>(null)
  /** Whether the last one was given up, by the user or for a training. */
  const isCancelled = ref(false)
  /** While anything trains, nothing is computed unless the user asks. */
  const isTraining = computed(() => runs.all.some(({ state }) => isActive(state)))

  /** Shows what is stored; where nothing is, computes it, unless something trains. */
  async function look(kind: AnalysisKind): Promise<void> {
    const id = run.id
    if (id === null || run.lastEpoch === 0 || progress.value) return
    if (results.value[kind]?.epoch === run.lastEpoch) return
    try {
      const stored = await lab.calls.readAnalysis(id, { kind, epoch: null })
      if (run.id !== id) return
      if (stored) take(stored)
      else if (!isTraining.value && !progress.value && !isCancelled.value) await start(kind)
    } catch (thrown) {
      fail(thrown)
    }
  }

  async function start(kind: AnalysisKind): Promise<void> {
    const id = run.id
    if (id === null) return
    problem.value = null
    isCancelled.value = false
    progress.value = { kind, share: 0, step: 'starting' }
    try {
      const found = await lab.calls.analyse(id, { kind, epoch: null })
      if (run.id !== id) return
      if (found) take(found)
      else isCancelled.value = true
    } catch (thrown) {
      if (run.id === id) fail(thrown)
    } finally {
      if (run.id === id) progress.value = null
    }
  }

  async function cancel(): Promise<void> {
    if (run.id !== null) await lab.calls.cancelAnalysis(run.id).catch(fail)
  }

  function take(found: Analysis): void {
    results.value = { ...results.value, [found.kind]: found }
    problem.value = null
  }

  function fail(thrown: unknown): void {
    if (!(thrown instanceof Unreachable)) problem.value = toLabErrorData(thrown)
  }

  lab.on('analysisProgress', ({ id, ...one }) => {
    if (id === run.id && progress.value?.kind === one.kind) progress.value = one
  })
  watch(
    () => run.id,
    (_, before) => {
      if (before !== null && progress.value) void lab.calls.cancelAnalysis(before).catch(() => undefined)
      results.value = { claims: null, codes: null }
      progress.value = null
      problem.value = null
      isCancelled.value = false
    }
  )

  return { results, progress, problem, isCancelled, isTraining, look, start, cancel }
})

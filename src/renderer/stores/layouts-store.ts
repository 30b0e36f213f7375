// Layouts of codes by UMAP: those that are stored, and those that are asked for.
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { AnalysisRequest, CodeLayout } from '@shared/analysis'
import { toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { useLabStore } from './lab-store'
import { useRunStore } from './run-store'

/** Of which model at which epoch; `key` names run and epoch as LoadedEpoch does. */
export interface LayoutOf {
  key: string
  epoch: number
  model: number
}

export type LayoutState =
  | { is: 'sought' }
  | { is: 'absent'; isCancelled: boolean }
  /** For other analyses, which `step` names. */
  | { is: 'waiting'; step: string }
  | { is: 'computing'; share: number; step: string }
  | { is: 'there'; layout: CodeLayout; points: Float32Array }
  | { is: 'failed'; problem: LabErrorData }

const isAsked = (state: LayoutState | null) => state?.is === 'waiting' || state?.is === 'computing'
const nameOf = ({ key, model }: LayoutOf) => `${key} ${model}`

export const useLayoutsStore = defineStore('layouts', () => {
  const lab = useLabStore()
  const run = useRunStore()
  const states = shallowRef<ReadonlyMap<string, LayoutState>>(new Map())
  /** What this page has asked for and waits for, by name. */
  const asked = new Set<string>()

  const stateOf = (of: LayoutOf): LayoutState | null => states.value.get(nameOf(of)) ?? null

  function set(of: LayoutOf, state: LayoutState): void {
    states.value = new Map(states.value).set(nameOf(of), state)
  }

  const requestOf = ({ epoch, model }: LayoutOf): AnalysisRequest => ({ kind: 'umap', epoch, model })

  /** Shows what is stored; nothing is computed unless `compute` asks for it. */
  async function look(of: LayoutOf): Promise<void> {
    const id = run.id
    if (id === null || stateOf(of)) return
    set(of, { is: 'sought' })
    try {
      const found = await lab.calls.readAnalysis(id, requestOf(of))
      if (run.id === id && stateOf(of)?.is === 'sought') take(of, found?.kind === 'umap' ? found : null, false)
    } catch (thrown) {
      if (run.id === id) fail(of, thrown)
    }
  }

  function lookAgain(of: LayoutOf): Promise<void> {
    const others = new Map(states.value)
    others.delete(nameOf(of))
    states.value = others
    return look(of)
  }

  /** The lab computes one after another. */
  async function compute(of: LayoutOf): Promise<void> {
    const id = run.id
    if (id === null || isAsked(stateOf(of)) || stateOf(of)?.is === 'there') return
    set(of, { is: 'computing', share: 0, step: 'starting' })
    asked.add(nameOf(of))
    try {
      const found = await lab.calls.analyse(id, requestOf(of))
      if (run.id === id) take(of, found?.kind === 'umap' ? found : null, true)
    } catch (thrown) {
      if (run.id === id) fail(of, thrown)
    } finally {
      if (run.id === id) asked.delete(nameOf(of))
    }
  }

  function take(of: LayoutOf, layout: CodeLayout | null, isAnswer: boolean): void {
    if (!layout) return set(of, { is: 'absent', isCancelled: isAnswer })
    const bytes = Uint8Array.from(atob(layout.points), (character) => character.charCodeAt(0))
    set(of, { is: 'there', layout, points: new Float32Array(bytes.buffer) })
  }

  function fail(of: LayoutOf, thrown: unknown): void {
    if (thrown instanceof Unreachable) set(of, { is: 'absent', isCancelled: false })
    else set(of, { is: 'failed', problem: toLabErrorData(thrown) })
  }

  async function cancel(of: LayoutOf): Promise<void> {
    if (run.id === null || !isAsked(stateOf(of))) return
    await lab.calls.cancelAnalysis(run.id, requestOf(of)).catch((thrown: unknown) => fail(of, thrown))
  }

  lab.on('analysisProgress', (told) => {
    if (told.kind !== 'umap' || told.id !== run.id) return
    const { epoch, model, share, step } = told
    const of: LayoutOf = { key: `${told.id} ${epoch}`, epoch, model }
    if (asked.has(nameOf(of))) set(of, share === null ? { is: 'waiting', step } : { is: 'computing', share, step })
    else if (share === 1 && stateOf(of)?.is === 'absent') void lookAgain(of) // another window's
  })
  watch(
    () => run.id,
    (_, before) => {
      if (before !== null && asked.size > 0) void lab.calls.cancelAnalysis(before).catch(() => undefined)
      asked.clear()
      states.value = new Map()
    }
  )

  return { states, stateOf, look, compute, cancel }
})

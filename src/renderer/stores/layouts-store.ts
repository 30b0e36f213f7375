// Layouts of codes by UMAP: those that are stored, the one that is computed now, and those that wait for their turn.
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
  | { is: 'waiting' }
  | { is: 'computing'; share: number; step: string }
  | { is: 'there'; layout: CodeLayout; points: Float32Array }
  | { is: 'failed'; problem: LabErrorData }

const nameOf = ({ key, model }: LayoutOf) => `${key} ${model}`

export const useLayoutsStore = defineStore('layouts', () => {
  const lab = useLabStore()
  const run = useRunStore()
  const states = shallowRef<ReadonlyMap<string, LayoutState>>(new Map())
  let queue: LayoutOf[] = []
  let underWay: LayoutOf | null = null

  const stateOf = (of: LayoutOf): LayoutState | null => states.value.get(nameOf(of)) ?? null

  function set(of: LayoutOf, state: LayoutState): void {
    states.value = new Map(states.value).set(nameOf(of), state)
  }

  function requestOf({ epoch, model }: LayoutOf): AnalysisRequest {
    return { kind: 'umap', epoch: epoch === run.lastEpoch ? null : epoch, model }
  }

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

  /** One at a time: the lab refuses a second analysis. */
  function compute(of: LayoutOf): void {
    const { is } = stateOf(of) ?? {}
    if (is === 'there' || is === 'waiting' || is === 'computing') return
    queue.push(of)
    set(of, { is: 'waiting' })
    void computeNext()
  }

  async function computeNext(): Promise<void> {
    const id = run.id
    const of = underWay ? undefined : queue.shift()
    if (!of || id === null) return
    underWay = of
    set(of, { is: 'computing', share: 0, step: 'starting' })
    try {
      const found = await lab.calls.analyse(id, requestOf(of))
      if (run.id === id) take(of, found?.kind === 'umap' ? found : null, true)
    } catch (thrown) {
      if (run.id === id) fail(of, thrown)
    } finally {
      if (underWay === of) underWay = null
      void computeNext()
    }
  }

  /** A run that trains on may have come to another epoch before its weights were read: that one is laid out then. */
  function take(of: LayoutOf, layout: CodeLayout | null, isAnswer: boolean): void {
    if (!layout || layout.epoch !== of.epoch) return set(of, { is: 'absent', isCancelled: isAnswer && !layout })
    const bytes = Uint8Array.from(atob(layout.points), (character) => character.charCodeAt(0))
    set(of, { is: 'there', layout, points: new Float32Array(bytes.buffer) })
  }

  function fail(of: LayoutOf, thrown: unknown): void {
    if (thrown instanceof Unreachable) set(of, { is: 'absent', isCancelled: false })
    else set(of, { is: 'failed', problem: toLabErrorData(thrown) })
  }

  async function cancel(of: LayoutOf): Promise<void> {
    const isWaiting = queue.some((one) => nameOf(one) === nameOf(of))
    queue = queue.filter((one) => nameOf(one) !== nameOf(of))
    if (isWaiting) set(of, { is: 'absent', isCancelled: true })
    else if (underWay && run.id !== null && nameOf(underWay) === nameOf(of)) {
      await lab.calls.cancelAnalysis(run.id).catch((thrown: unknown) => fail(of, thrown))
    }
  }

  lab.on('analysisProgress', ({ id, kind, share, step }) => {
    if (kind === 'umap' && id === run.id && underWay) set(underWay, { is: 'computing', share, step })
  })
  watch(
    () => run.id,
    (_, before) => {
      if (before !== null && underWay) void lab.calls.cancelAnalysis(before).catch(() => undefined)
      underWay = null
      queue = []
      states.value = new Map()
    }
  )

  return { states, stateOf, look, compute, cancel }
})

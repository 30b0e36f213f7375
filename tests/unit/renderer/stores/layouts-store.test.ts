// @vitest-environment happy-dom
// Layouts by UMAP: looked for, asked for one by one, cancelled.
import { beforeEach, expect, it, vi } from 'vitest'
import type { AnalysisRequest, CodeLayout } from '@shared/analysis'
import { LabError } from '@shared/errors'
import { useLayoutsStore } from '../../../../src/renderer/stores/layouts-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { openLab } from '../mounted/mount'
import type { TestLink } from '../lab-link'
import { runView } from '../run-view'

const at = (model: number, epoch = 3) => ({ key: `one ${epoch}`, epoch, model })
const layout = (model: number, epoch = 3): CodeLayout => ({
  kind: 'umap',
  epoch,
  model,
  images: 1,
  neighbours: 15,
  minDistance: 0.1,
  epochs: 200,
  seed: 1,
  points: Buffer.from(Float32Array.of(model, -2).buffer).toString('base64')
})

let link: TestLink
/** Requests that are computed, and what answers the last. */
let asked: AnalysisRequest[]
let answer: (found: CodeLayout | null | LabError) => void
let stored: CodeLayout | null

beforeEach(async () => {
  asked = []
  stored = null
  link = await openLab({
    openRun: () => Promise.resolve(runView(3, { state: 'finished' })),
    readAnalysis: () => Promise.resolve(stored),
    cancelAnalysis: () => Promise.resolve(answer(null)),
    analyse: (_, request) => {
      asked.push(request)
      return new Promise((resolve, reject) => {
        answer = (found) => (found instanceof LabError ? reject(found) : resolve(found))
      })
    }
  })
  await useRunStore().open('one')
})

const isOf = (model: number, epoch = 3) => useLayoutsStore().stateOf(at(model, epoch))?.is

it('shows what is stored and computes nothing that nobody asked for', async () => {
  const layouts = useLayoutsStore()
  await layouts.look(at(1))
  expect([isOf(1), asked]).toEqual(['absent', []])
  stored = layout(0)
  await layouts.look(at(0))
  expect(layouts.stateOf(at(0))).toMatchObject({ is: 'there', points: Float32Array.of(0, -2) })
})

it('shows a layout that another window has had computed, once it is stored', async () => {
  const layouts = useLayoutsStore()
  await layouts.look(at(1))
  stored = layout(1)
  const told = { id: 'one', kind: 'umap', epoch: 3, model: 1, step: '' } as const
  link.emit('analysisProgress', { ...told, share: 0.4 })
  expect(isOf(1)).toBe('absent')
  link.emit('analysisProgress', { ...told, share: 1 })
  await vi.waitFor(() => expect(isOf(1)).toBe('there'))
})

it('tells of each that is asked for how far it is or what it waits for, and cancels it alone', async () => {
  const layouts = useLayoutsStore()
  const told = { id: 'one', kind: 'umap', epoch: 3 } as const
  void layouts.compute(at(0))
  const first = answer
  void layouts.compute(at(1))
  expect(asked).toEqual([0, 1].map((model) => ({ kind: 'umap', epoch: 3, model })))
  link.emit('analysisProgress', { ...told, model: 0, share: 0.4, step: 'layout' })
  link.emit('analysisProgress', { ...told, model: 1, share: null, step: 'waits for UMAP of epoch 3' })
  expect(layouts.stateOf(at(0))).toEqual({ is: 'computing', share: 0.4, step: 'layout' })
  expect(layouts.stateOf(at(1))).toEqual({ is: 'waiting', step: 'waits for UMAP of epoch 3' })
  await layouts.cancel(at(1)) // ends the last that was asked for
  await vi.waitFor(() => expect(layouts.stateOf(at(1))).toEqual({ is: 'absent', isCancelled: true }))
  first(layout(0))
  await vi.waitFor(() => expect(isOf(0)).toBe('there'))
  void layouts.compute(at(0))
  expect(asked).toHaveLength(2)
})

it('asks for an epoch by its number, and says why there is no layout', async () => {
  const layouts = useLayoutsStore()
  void layouts.compute(at(1, 2))
  expect(asked).toEqual([{ kind: 'umap', epoch: 2, model: 1 }])
  answer(new LabError('busy', 'Another analysis is under way'))
  await vi.waitFor(() => expect(layouts.stateOf(at(1, 2))).toMatchObject({ is: 'failed', problem: { kind: 'busy' } }))
  void layouts.compute(at(1, 2))
  answer(layout(1, 2))
  await vi.waitFor(() => expect(isOf(1, 2)).toBe('there'))
})

// @vitest-environment happy-dom
// Layouts by UMAP: looked for, computed one after another, cancelled; those of another epoch are not taken for it.
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

it('computes one after another, tells how far the first is, and cancels what waits without ending it', async () => {
  const layouts = useLayoutsStore()
  layouts.compute(at(0))
  layouts.compute(at(1))
  expect([isOf(0), isOf(1)]).toEqual(['computing', 'waiting'])
  expect(asked).toEqual([{ kind: 'umap', epoch: null, model: 0 }])
  link.emit('analysisProgress', { id: 'one', kind: 'umap', share: 0.4, step: 'layout' })
  expect(layouts.stateOf(at(0))).toEqual({ is: 'computing', share: 0.4, step: 'layout' })
  await layouts.cancel(at(1))
  expect([isOf(0), layouts.stateOf(at(1))]).toEqual(['computing', { is: 'absent', isCancelled: true }])
  layouts.compute(at(1))
  answer(layout(0))
  await vi.waitFor(() => expect([isOf(0), isOf(1)]).toEqual(['there', 'computing']))
  await layouts.cancel(at(1))
  await vi.waitFor(() => expect(layouts.stateOf(at(1))).toEqual({ is: 'absent', isCancelled: true }))
})

it('asks for an epoch by its number, and says why there is no layout', async () => {
  const layouts = useLayoutsStore()
  layouts.compute(at(1, 2))
  expect(asked).toEqual([{ kind: 'umap', epoch: 2, model: 1 }])
  answer(new LabError('busy', 'Another analysis is under way'))
  await vi.waitFor(() => expect(layouts.stateOf(at(1, 2))).toMatchObject({ is: 'failed', problem: { kind: 'busy' } }))
  layouts.compute(at(1, 2))
  answer(layout(1, 3)) // of the epoch that the run has come to
  await vi.waitFor(() => expect(layouts.stateOf(at(1, 2))).toEqual({ is: 'absent', isCancelled: false }))
})

import { describe, expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import type { RunView } from '@shared/run'
import { allowedActions } from '../../../../src/renderer/components/allowed-actions'
import { listStatus } from '../../../../src/renderer/components/list-status'
import { epochsTrained, runStatus } from '../../../../src/renderer/components/run-status'
import { runView, summaryOf } from '../run-view'

const progress = {
  id: 'one',
  epoch: 23,
  step: 100,
  stepsPerEpoch: 400,
  partialTrainLoss: [],
  secondsPerEpoch: 1.66,
  secondsLeft: 80
}
const usual = { isReachable: true, isContinuable: true }
const says = (view: RunView, queue: Parameters<typeof runStatus>[1] = null, now?: Date, circumstances = usual) => {
  const { headline, details } = runStatus(view, queue, circumstances, now)
  return [headline, ...details].join(' · ')
}

describe('the line of a run', () => {
  it.each<[string, RunView]>([
    ['Preparing · loading the data for two models', runView(0, { state: 'preparing' })],
    ['Epoch 1 of 70', runView(0)],
    ['Epoch 1 of 70', runView(0, { progress: { ...progress, epoch: 1, secondsPerEpoch: 0 } })],
    ['Epoch 23 of 70 · 1.7 s an epoch · 1 min 20 s left', runView(22, { progress })],
    ['Paused in epoch 23 of 70 · saved up to epoch 22 · 1 min 20 s to go', runView(22, { state: 'paused', progress })],
    ['Paused in epoch 24 of 70 · saved up to epoch 23 · 1 min 20 s to go', runView(23, { state: 'paused', progress })],
    ['Stopping · 22 epochs are saved · measuring PSNR and SSIM', runView(22, { state: 'stopping' })],
    [
      'All 70 epochs trained · measuring PSNR and SSIM, and PCA to compare with',
      runView(70, { state: 'finishing', progress })
    ],
    ['Stopped at epoch 23 of 70 · saved · can be continued', runView(23, { state: 'stopped' })],
    ['Stopped before the first epoch ended · can be started again', runView(0, { state: 'stopped' })],
    ['Failed in epoch 2 of 70 · epoch 1 is saved', runView(1, { state: 'failed' })],
    ['Failed in epoch 1 of 70 · no epoch was complete', runView(0, { state: 'failed' })],
    ['Failed after all 70 epochs · 70 epochs are saved', runView(70, { state: 'failed', progress })],
    ['Paused after all 70 epochs · saved up to epoch 70', runView(70, { state: 'paused' })],
    [
      'Interrupted after all 70 epochs · 70 epochs are saved · can be continued',
      runView(70, { state: 'interrupted', progress })
    ],
    ['Interrupted in epoch 24 of 70 · 23 epochs are saved · can be continued', runView(23, { state: 'interrupted' })]
  ])('%s', (text, view) => expect(says(view)).toBe(text))

  it('says where it stands in the queue', () => {
    const view = runView(0, { state: 'queued' })
    expect(says(view, { position: 1, waitsFor: 'A' })).toBe('Queued, next in line · waits for “A”')
    expect(says(view, { position: 2, waitsFor: 'B' })).toBe('Queued, number 2 · waits for “B”')
  })

  it('sums up a finished run', () => {
    const view = runView(70, { state: 'finished' })
    view.file.endedAt = new Date(2026, 0, 2, 13, 31).toISOString()
    const now = new Date(2026, 0, 2, 20, 0)
    expect(says(view, null, now)).toBe('Finished · 70 epochs in 1 min 2 s · today 13:31 local time · CPU')
  })
})

it('sets no tick to a run with models that have diverged, and says how many', () => {
  const view = runView(3, { state: 'finished' })
  const [, second] = view.file.models
  if (second) second.history.valLoss[2] = 27.772
  expect(runStatus(view, null, usual).glyph).toBe('bang')
  expect(says(view)).toMatch(/^Finished · 1 of 2 diverged · /)
  expect(listStatus(summaryOf(view, { diverged: ['32'] }))).toEqual({
    glyph: 'bang',
    text: '1 of 2 diverged · CPU',
    tone: 'caution'
  })
})

it('says of a finished run that it is not measured, and continues it to measure', () => {
  const view = runView(70, { state: 'finished' })
  expect(allowedActions(view, usual).continue).toBe(false)
  view.file.models.forEach((model) => (model.metrics = { bce: 0.1, mse: 0.01, psnr: null, ssim: null, gapClosed: 0.5 }))
  expect(says(view)).toMatch(/CPU · PSNR and SSIM are measured when nothing trains$/)
  expect(allowedActions(view, usual).continue).toBe(true)
})

it('has a short line for the list, marked where something is wrong', () => {
  const line = (state: RunView['state']) => listStatus(summaryOf(runView(3, { state })))
  expect(line('running').text).toBe('epoch 4 of 70 · CPU')
  expect(line('failed')).toEqual({ glyph: 'cross', text: 'failed in 4 of 70', tone: 'bad' })
  expect(line('stopped').text).toBe('stopped at 3 of 70')
  expect(line('interrupted').tone).toBe('caution')
})

const names = (view: RunView, circumstances = usual) =>
  Object.entries(allowedActions(view, circumstances))
    .filter(([, allowed]) => allowed)
    .map(([name]) => name)

it('allows what the state allows', () => {
  expect(names(runView(0, { state: 'preparing' }))).toEqual(['stop'])
  expect(names(runView(1))).toEqual(['pause', 'stop', 'export'])
  expect(names(runView(1, { state: 'paused' }))).toEqual(['resume', 'stop', 'export'])
  expect(names(runView(70, { state: 'finishing' }))).toEqual(['export'])
  expect(names(runView(0, { state: 'queued' }))).toEqual(['unqueue'])
  expect(names(runView(1, { state: 'stopped' }))).toEqual(['continue', 'duplicate', 'delete', 'export'])
  expect(names(runView(70, { state: 'finished' }))).toEqual(['duplicate', 'delete', 'export'])
})

it('offers to continue after a crash, not after a loss that diverged', () => {
  const failed = (kind: 'diverged' | 'trainer-crashed') => {
    const view = runView(1, { state: 'failed' })
    view.file.error = new LabError(kind, 'It failed').data
    return allowedActions(view, usual).continue
  }
  expect([failed('trainer-crashed'), failed('diverged')]).toEqual([true, false])
})

it('counts the part of the epoch under way', () => {
  expect(epochsTrained(runView(22, { progress }))).toBe(22.25)
  expect(epochsTrained(runView(23, { progress }))).toBe(23)
})

it('steers no run that another process has, and says which has it', () => {
  const owner = 'process 5385 on vm'
  expect(says(runView(3, { owner }))).toBe('Epoch 4 of 70 · trained by process 5385 on vm')
  expect(says(runView(0, { state: 'queued', owner }), { position: 2, waitsFor: 'B' })).toBe(
    'Queued · queued by process 5385 on vm'
  )
  const states = ['queued', 'preparing', 'running', 'paused', 'stopping', 'finishing'] as const
  for (const state of states) expect(names(runView(1, { state, owner }))).toEqual(['export'])
})

it('steers nothing while the lab can’t be reached, and tells no time left', () => {
  const lost = { isReachable: false, isContinuable: true }
  const view = runView(22, { progress })
  expect(says(view, null, undefined, lost)).toBe('Last known: epoch 23 of 70')
  expect(runStatus(view, null, lost).glyph).toBe('bang')
  expect(names(view, lost)).toEqual([])
  expect(says(runView(23, { state: 'stopped' }), null, undefined, lost)).toMatch(/^Stopped at epoch 23 of 70/)
})

it('does not offer to continue what has nothing to go on from', () => {
  const gone = { isReachable: true, isContinuable: false }
  for (const state of ['stopped', 'interrupted'] as const) {
    const view = runView(23, { state })
    expect(says(view, null, undefined, gone)).not.toContain('continue')
    expect(names(view, gone)).toEqual(['duplicate', 'delete', 'export'])
  }
})

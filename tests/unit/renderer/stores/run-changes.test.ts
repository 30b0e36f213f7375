import { expect, it } from 'vitest'
import { withEpoch, withProgress, withSummary } from '../../../../src/renderer/stores/run-changes'
import { epochEnded, runView, summaryOf } from '../run-view'

it('lays the next epoch on and leaves the view before as it was', () => {
  const before = runView(2)
  const after = withEpoch(before, epochEnded(3))
  expect(before.file.models[0]?.history.valLoss).toHaveLength(2)
  expect(after.file.models.map((model) => model.history.valLoss[2])).toEqual([0.21, 0.11])
})

it('ignores an epoch that is there already and one that leaves a gap', () => {
  const view = runView(2)
  expect(withEpoch(view, epochEnded(2))).toBe(view)
  expect(withEpoch(view, epochEnded(4))).toBe(view)
})

it('has what is NaN or infinite as null', () => {
  const after = withEpoch(runView(0), { ...epochEnded(1), valLoss: [NaN, Infinity] })
  expect(after.file.models.map(({ history }) => history.valLoss)).toEqual([[null], [null]])
})

it('takes state, name and error from the list', () => {
  const after = withSummary(runView(1), summaryOf(runView(1), { state: 'paused', name: 'Other' }))
  expect([after.state, after.file.experiment.name]).toEqual(['paused', 'Other'])
})

it('drops progress that arrives after the end', () => {
  const progress = {
    id: 'one',
    epoch: 2,
    step: 1,
    stepsPerEpoch: 469,
    partialTrainLoss: [],
    secondsPerEpoch: 1,
    secondsLeft: 1
  }
  expect(withProgress(runView(1), progress).progress).toBe(progress)
  expect(withProgress(runView(1, { state: 'finished' }), progress).progress).toBeNull()
})

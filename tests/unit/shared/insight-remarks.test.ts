import { expect, it } from 'vitest'
import { remarks, type RemarkQuestion } from '@shared/insight-remarks'

const bounds = { perfectCopy: 0.0581, meanDigit: 0.2625 }
const flat = bounds.meanDigit
type One = RemarkQuestion['series'][number]
const series = (val: (number | null)[], more: Partial<One> = {}, rank = 0): One => ({
  label: `d = ${2 ** (rank + 1)}`,
  rank,
  val,
  train: val,
  models: [rank],
  activation: 'tanh',
  ...more
})
const ask = (all: One[], epoch = all[0]?.val.length ?? 0, latestEpoch = epoch) =>
  remarks({ series: all, bounds, epoch, latestEpoch })
const says = (...given: Parameters<typeof ask>) =>
  ask(...given)
    .map((one) => one.says)
    .join('\n')

it('explains a plateau from the fifth epoch at the mean digit on, and no longer when a model has left it', () => {
  expect(ask([series([flat, flat, flat, flat])])).toEqual([])
  expect(says([series([0.5, flat, flat, flat, flat, flat])])).toMatch(
    /^d = 2 has been at the mean digit, within 3 % of the gap, for 5 epochs in a row\..*With tanh that can take ten epochs/
  )
  expect(ask([series([flat, flat, flat, flat, flat, 0.25])])).toEqual([])
  expect(ask([series([flat, flat, 0.25, flat, flat, flat])])).toEqual([])
})

it('calls no model that is worse than the mean digit, or has no number, one on a plateau', () => {
  expect(ask([series(Array(9).fill(flat + 0.01))])).toEqual([])
  expect(ask([series([flat, flat, flat, flat, flat, null])])).toEqual([])
})

it('counts only the epochs up to the one looked at, and speaks of them as past', () => {
  const left = series([...Array(7).fill(flat), 0.15, 0.12])
  expect(ask([left])).toEqual([])
  expect(says([left], 7, 9)).toMatch(/^d = 2 had been .* for 7 epochs in a row\./)
  expect(ask([left], 4, 9)).toEqual([])
  expect(ask([left], 0, 9)).toEqual([])
})

it('says how long at least where models differ, and why for each activation among them', () => {
  const text = says([series(Array(9).fill(flat)), series([0.3, ...Array(8).fill(flat)], { activation: 'relu' }, 1)])
  expect(text).toMatch(/^d = 2 and d = 4 have been .* for at least 8 epochs in a row\./)
  expect(text).toMatch(/With tanh.*With relu/)
  expect(says([series(Array(9).fill(flat), { activation: 'relu' })])).not.toContain('tanh')
})

it('explains validation below training where four decimals show it, at the epoch looked at', () => {
  const below = series([0.2, 0.1], { train: [0.19, 0.12] })
  expect(says([below])).toMatch(/^At epoch 2 the validation loss of d = 2 lies below the training loss\./)
  expect(ask([below], 1, 2)).toEqual([])
  expect(ask([series([0.1], { train: [0.10004] })])).toEqual([])
  expect(ask([series([0.1], { train: null })])).toEqual([])
  expect(ask([series([null], { train: [0.2] })])).toEqual([])
  const above = series([0.2, 0.13], { train: [0.19, 0.12] }, 1)
  expect(says([below, above])).toContain('the validation loss of d = 2 lies')
  expect(says([below, series([0.2, 0.1], { train: [0.19, 0.12] }, 1)])).toContain('of all two models')
})

it('says of means over seeds that they are means', () => {
  const seeds = { models: [0, 1, 2] }
  expect(says([series(Array(5).fill(flat), seeds)])).toMatch(/^Averaged over three seeds, d = 2 has been/)
  expect(says([series([0.1], { ...seeds, train: [0.2] })])).toContain('At epoch 1 averaged over three seeds, the')
})

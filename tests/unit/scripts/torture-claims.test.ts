// What `npm run torture -- --only starved|loaded|stopped` holds against a run.
import { expect, it } from 'vitest'
import { claimsOf } from '../../../scripts/torture/claims.mjs'

const healthy = {
  run: { seconds: 8, createdAt: '2026-11-30T10:00:00.000Z', endedAt: '2026-11-30T10:01:10.000Z' },
  text: 'epoch 1/2  validation BCE d=2 0.5741  4 s left\nepoch 2/2  validation BCE d=2 0.5741\nfinished: 2 of 2 epochs',
  wallSeconds: 70,
  stoppedSeconds: 60
}
const faultsOf = (changes: Partial<typeof healthy>) => claimsOf({ ...healthy, ...changes }).faults

it('finds nothing wrong with a run that counts only its work', () => {
  expect(claimsOf(healthy)).toEqual({
    faults: [],
    seen: [
      'took 70.0 s, claims 8.0 s of training',
      'from 2026-11-30T10:00:00.000Z to 2026-11-30T10:01:10.000Z',
      'time left, as it was told: 4 s'
    ]
  })
})

it('finds stopped time among the training time', () => {
  expect(faultsOf({ run: { ...healthy.run, seconds: 41 } })).toEqual(['claims 41 s of training in 10 s'])
})

it('finds an end before the beginning, and none', () => {
  const { createdAt } = healthy.run
  expect(faultsOf({ run: { ...healthy.run, endedAt: '2026-11-30T09:01:00.000Z' } })).toEqual([
    `ended 2026-11-30T09:01:00.000Z, before it began ${createdAt}`
  ])
  expect(faultsOf({ run: { ...healthy.run, endedAt: '' } })).toHaveLength(1)
})

it('finds words that frighten', () => {
  for (const word of ['failed', 'silent', 'stuck', 'does not answer', 'crashed']) {
    expect(faultsOf({ text: `The trainer ${word}` })).toEqual([`says "${word}": The trainer ${word}`])
  }
})

it('finds a time left that is beyond all proportion', () => {
  expect(faultsOf({ text: 'epoch 1/2  validation BCE d=2 0.5741  26 min 10 s left' })).toEqual([
    'says that 1570 s are left, of 10 s in all'
  ])
})

// What `npm run soak` makes of its samples.
import { expect, it } from 'vitest'
import { judge } from '../../../bench/soak/judge'

const steady = {
  serverBytes: 100e6,
  trainerBytes: 200e6,
  serverDescriptors: 30,
  trainerDescriptors: 20,
  zombies: 0
}
const samplesOf = (change: (index: number) => Partial<typeof steady>) =>
  Array.from({ length: 100 }, (_, index) => ({ ...steady, ...change(index) }))
const missed = (change: (index: number) => Partial<typeof steady>, heaps = [9e6, 9e6, 9e6]) =>
  judge(samplesOf(change), heaps).flatMap(({ line, isMet }) => (isMet ? [] : [line]))

it('misses nothing where nothing grows, however much was loaded at first and a single sample stands out', () => {
  expect(missed((index) => ({ serverBytes: index < 20 || index === 50 ? 400e6 : 100e6 + 1e4 * index }))).toEqual([])
  expect(missed((index) => ({ serverDescriptors: index % 3 === 0 ? 30 : 30 + index }))).toEqual([])
})

it('tells what grows', () => {
  expect(missed((index) => ({ serverBytes: 100e6 + 1e6 * index }))).toEqual([
    'memory of the server: 130.0 MB, then 190.0 MB at most, +46.2 %'
  ])
  expect(missed((index) => ({ trainerDescriptors: 20 + Math.floor(index / 40) }))).toEqual([
    'descriptors of the trainer: 20, then 22 at most, +10.0 %'
  ])
  expect(missed(() => ({}), [9e6, 9.5e6, 10e6])).toEqual([
    'live objects of the server: 9.0 MB, then 10.0 MB at most, +11.1 %'
  ])
})

it('misses the bound at a single zombie that stays, not at one that is about to be waited for', () => {
  expect(missed((index) => ({ zombies: index > 50 ? 1 : 0 }))).toEqual(['zombies that stay: 1'])
  expect(missed((index) => ({ zombies: index === 53 ? 1 : 0 }))).toEqual([])
})

it('takes no fewer runs than it can compare', () => {
  expect(() => judge(samplesOf(() => ({})).slice(0, 59), [])).toThrow('60 runs or more')
})

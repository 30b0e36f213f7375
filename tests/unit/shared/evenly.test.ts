import { expect, it } from 'vitest'
import { evenly } from '@shared/evenly'

it('takes so many of a list evenly, its ends among them', () => {
  expect(evenly([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8])
  expect(evenly([1, 2], 3)).toEqual([1, 2])
})

import { expect, it } from 'vitest'
import { isDead } from '../../../src/shared/dead-units'

it('calls a unit dead whose variance is below one in a million', () => {
  expect([0, 9.9e-7, 1e-6, 0.01].map(isDead)).toEqual([true, true, false, false])
})

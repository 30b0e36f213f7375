// How many units of work a submit has.
import { expect, it } from 'vitest'
import { createPace } from '../../../../../src/main/trainer/engines/webgpu/submits'

it('starts with one unit and grows to what takes 40 ms', () => {
  const pace = createPace()
  expect(pace).toMatchObject({ units: 1, milliseconds: 0 })
  const sizes = Array.from({ length: 8 }, () => {
    pace.learn(pace.units, pace.units * 1.5)
    return pace.units
  })
  expect(sizes).toEqual([2, 4, 8, 16, 26, 26, 26, 26])
})

it('shrinks at once when units take longer, to one at least', () => {
  const pace = createPace()
  for (let i = 0; i < 6; i++) pace.learn(pace.units, pace.units)
  pace.learn(pace.units, pace.units * 400)
  expect(pace.units).toBe(1)
})

// How many units of work a submit has.
import { expect, it } from 'vitest'
import { createUnitTime } from '../../../../../src/main/trainer/engines/webgpu/submits'

it('starts with one unit and grows to what takes 40 ms', () => {
  const time = createUnitTime()
  expect(time).toMatchObject({ units: 1, milliseconds: 0 })
  const sizes = Array.from({ length: 8 }, () => {
    time.learn(time.units, time.units * 1.5)
    return time.units
  })
  expect(sizes).toEqual([2, 4, 8, 16, 26, 26, 26, 26])
})

it('shrinks at once when units take longer, to one at least', () => {
  const time = createUnitTime()
  for (let i = 0; i < 6; i++) time.learn(time.units, time.units)
  time.learn(time.units, time.units * 400)
  expect(time.units).toBe(1)
})

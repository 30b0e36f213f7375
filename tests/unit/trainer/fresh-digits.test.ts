// When digits are drawn in the midst of the first epoch: by shares of its steps, one drawing at a time, not too often.
import { expect, test } from 'vitest'
import { createFreshDigits } from '../../../src/main/trainer/fresh-digits'

function open(steps: number) {
  const ends: { resolve(): void; reject(error: Error): void }[] = []
  const clock = { milliseconds: 0 }
  const draw = () => new Promise<void>((resolve, reject) => ends.push({ resolve, reject }))
  const fresh = createFreshDigits(steps, draw, () => clock.milliseconds)
  return { ...fresh, ends, clock }
}

test('at each share once, however many steps lie between two calls', async () => {
  const { trained, settled, ends, clock } = open(320)
  const drawn: number[] = []
  for (const step of [1, 9, 10, 11, 20, 39, 100, 101, 160, 239, 240, 320]) {
    clock.milliseconds += 250
    const before = ends.length
    trained(step)
    if (ends.length > before) drawn.push(step)
    ends.at(-1)?.resolve()
    await settled()
  }
  expect(drawn).toEqual([10, 20, 100, 160, 240])
})

test('none while one is under way, nor within a quarter of a second; what failed keeps nothing from going on', async () => {
  const { trained, settled, ends, clock } = open(100)
  trained(4)
  clock.milliseconds = 1000
  trained(50)
  expect(ends).toHaveLength(1)
  ends[0]?.reject(new Error('The device is lost'))
  await settled()
  trained(50)
  expect(ends).toHaveLength(2)
  ends[1]?.resolve()
  await settled()
  clock.milliseconds = 1249
  trained(80)
  expect(ends).toHaveLength(2)
  clock.milliseconds = 1250
  trained(80)
  expect(ends).toHaveLength(3)
})

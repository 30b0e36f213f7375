// float16: every half there is, every tie between two, and random floats against a search for the nearest.
import { expect, test } from 'vitest'
import { fromHalf, toHalf } from '@shared/half-floats'
import { randomStream } from '@shared/random'

const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
const isNaNHalf = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0
const one = (value: number) => toHalf(Float32Array.of(value))[0] as number

test('all 65,536 halves become floats and the same halves again; NaN stays NaN', () => {
  const floats = fromHalf(all)
  const back = toHalf(floats)
  all.forEach((half) => {
    if (isNaNHalf(half)) {
      expect(floats[half]).toBeNaN()
      expect(isNaNHalf(back[half] as number)).toBe(true)
    } else if (back[half] !== half) expect([half, back[half]]).toEqual([half, half])
  })
})

test('halves are what the standard says', () => {
  const known: [half: number, value: number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1 + 2 ** -10],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity]
  ]
  for (const [half, value] of known) {
    expect(fromHalf(Uint16Array.of(half))[0]).toBe(value)
    expect(one(value)).toBe(half)
  }
})

test('what lies between two halves goes to the nearer, a tie to the even one, what lies beyond the greatest to that', () => {
  const floats = fromHalf(all)
  for (let half = 0; half < 0x7bff; half++) {
    const [low, high] = [floats[half] as number, floats[half + 1] as number]
    const middle = (low + high) / 2 // a float has room for it, and for its neighbours
    const even = half % 2 === 0 ? half : half + 1
    const found = toHalf(Float32Array.of(middle, -middle, below(middle), above(middle)))
    if (found.join() !== [even, even | 0x8000, half, half + 1].join()) expect([half, ...found]).toEqual([half, even])
  }
  expect([65519.99, 65520, 65536, 3e38, -1e30].map(one)).toEqual([0x7bff, 0x7bff, 0x7bff, 0x7bff, 0xfbff])
  expect([2 ** -25, 1.01 * 2 ** -25, 2 ** -149].map(one)).toEqual([0, 1, 0])
})

test('a million random floats are off by no more than the note says', () => {
  const random = randomStream(1, 'half floats')
  const values = Float32Array.from({ length: 1e6 }, () => (2 * random() - 1) * 2 ** Math.floor(40 * random() - 28))
  const halves = fromHalf(toHalf(values))
  let worst = 0
  values.forEach((value, index) => {
    if (Math.abs(value) >= 65504) return
    const most = Math.max(Math.abs(value) * 2 ** -11, 2 ** -25)
    worst = Math.max(worst, Math.abs((halves[index] as number) - value) / most)
  })
  expect(worst).toBeLessThanOrEqual(1)
  expect(worst).toBeGreaterThan(0.9)
})

test('a part of a larger array is converted by itself', () => {
  const values = Float32Array.of(9, 0.5, -1, 9)
  expect([...toHalf(values.subarray(1, 3))]).toEqual([0x3800, 0xbc00])
})

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

/** The float next to a positive one, in so many steps. */
function neighbour(value: number, steps: number): number {
  float[0] = value
  bits[0] = (bits[0] as number) + steps
  return float[0]
}
const below = (value: number) => neighbour(value, -1)
const above = (value: number) => neighbour(value, 1)

import { describe, expect, it } from 'vitest'
import { randomStream, shuffle } from '@shared/random'

const draw = (random: () => number, count: number) => Array.from({ length: count }, random)

/** Σ (observed − expected)² / expected for equally likely bins. */
function chiSquared(counts: ArrayLike<number>): number {
  const observed = Array.from(counts)
  const expected = observed.reduce((sum, count) => sum + count, 0) / observed.length
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('randomStream', () => {
  it('depends on its keys alone', () => {
    const first = randomStream(7, 'd=16', 'encoder.weight')
    const second = randomStream(7, 'd=16', 'encoder.weight')
    draw(randomStream(8, 'd=16', 'encoder.weight'), 5)
    expect(draw(first, 1000)).toEqual(draw(second, 1000))
  })

  it.each([
    [[0], [1]],
    [
      [1, 2],
      [2, 1]
    ],
    [[1], [1, 0]],
    [['ab'], ['a', 'b']],
    [['ab'], ['ba']],
    [[1], ['1']],
    [[0], [4_294_967_295]]
  ])('differs between the keys %j and %j', (one, other) => {
    const [a, b] = [draw(randomStream(...one), 1000), draw(randomStream(...other), 1000)]
    expect(a.filter((value, i) => value === b[i]).length).toBeLessThan(3)
  })

  it('gives 20,000 neighbouring keys different streams whose first numbers are evenly spread', () => {
    const streams = Array.from({ length: 20_000 }, (_, i) =>
      draw(randomStream(i % 200, 'epoch', Math.floor(i / 200)), 2)
    )
    expect(new Set(streams.map(String)).size).toBe(20_000)
    const counts = new Float64Array(100)
    for (const [first = 0] of streams) counts[Math.floor(first * 100)] = (counts[Math.floor(first * 100)] ?? 0) + 1
    expect(chiSquared(counts)).toBeLessThan(149) // 99 degrees of freedom: exceeded by chance once in a thousand keys
  })

  it('is uniform in [0, 1)', () => {
    const counts = new Float64Array(256)
    const random = randomStream(42, 'uniform')
    for (let i = 0; i < 1_000_000; i++) {
      const value = random()
      if (value < 0 || value >= 1) throw new Error(`${value} is outside [0, 1)`)
      counts[Math.floor(value * 256)] = (counts[Math.floor(value * 256)] ?? 0) + 1
    }
    expect(chiSquared(counts)).toBeLessThan(331) // 255 degrees of freedom: exceeded by chance once in a thousand keys
  })
})

describe('shuffle', () => {
  it('is a permutation', () => {
    const order = shuffle(3, 12, 60_000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 60_000 }, (_, i) => i))
  })

  it('is pure in seed and epoch, and differs between them', () => {
    expect(shuffle(3, 12, 1000)).toEqual(shuffle(3, 12, 1000))
    expect(shuffle(3, 12, 1000)).not.toEqual(shuffle(3, 13, 1000))
    expect(shuffle(3, 12, 1000)).not.toEqual(shuffle(4, 12, 1000))
    expect(shuffle(3, 12, 1000)).not.toEqual(shuffle(12, 3, 1000))
  })

  it('takes each item to each place equally often', () => {
    const count = 5
    const times = new Float64Array(count * count)
    for (let epoch = 0; epoch < 50_000; epoch++) {
      shuffle(1, epoch, count).forEach((item, place) => {
        times[item * count + place] = (times[item * count + place] ?? 0) + 1
      })
    }
    expect(chiSquared(times)).toBeLessThan(39.3) // 16 degrees of freedom: exceeded by chance once in a thousand seeds
  })

  it('takes no images and one image', () => {
    expect(shuffle(1, 1, 0)).toHaveLength(0)
    expect([...shuffle(1, 1, 1)]).toEqual([0])
  })
})

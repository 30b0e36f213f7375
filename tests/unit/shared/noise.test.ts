import { expect, it } from 'vitest'
import { noisyPixel, pixelNoises, type PixelNoise } from '../../../src/shared/noise'
import { randomStream } from '../../../src/shared/random'

const COUNT = 20_000

function spoiled(noise: PixelNoise, level: number, pixel = 0.5): number[] {
  const spoil = noisyPixel(noise, level, randomStream('test', noise))
  return Array.from({ length: COUNT }, () => spoil(pixel))
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

it('Gaussian noise has its standard deviation and no bias, and stays within black and white', () => {
  const values = spoiled('gaussian', 0.1)
  expect(meanOf(values)).toBeCloseTo(0.5, 2)
  expect(Math.sqrt(meanOf(values.map((value) => (value - 0.5) ** 2)))).toBeCloseTo(0.1, 2)
  const bright = spoiled('gaussian', 0.5, 1)
  expect(Math.max(...bright)).toBe(1)
  expect(bright.filter((value) => value === 1).length / COUNT).toBeCloseTo(0.5, 1)
})

it('salt and pepper is that share of the pixels, half of them black', () => {
  const values = spoiled('salt-and-pepper', 0.2)
  expect(values.filter((value) => value === 0).length / COUNT).toBeCloseTo(0.1, 2)
  expect(values.filter((value) => value === 1).length / COUNT).toBeCloseTo(0.1, 2)
  expect(new Set(values)).toEqual(new Set([0, 0.5, 1]))
})

it.each(pixelNoises)('%s of a higher level spoils the same pixels, in the same direction', (noise) => {
  const [low, high] = [spoiled(noise, 0.1), spoiled(noise, 0.3)]
  low.forEach((value, pixel) => {
    if (value !== 0.5) expect(Math.sign(high[pixel]! - 0.5)).toBe(Math.sign(value - 0.5))
  })
})

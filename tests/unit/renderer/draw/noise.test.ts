// Noise: the same each time, of the strength that was asked for.
import { expect, it } from 'vitest'
import { mseOf } from '../../../../src/renderer/models/errors'
import { noiseKinds, withNoise } from '../../../../src/renderer/views/draw/noise'

const COLUMNS = 100
const grey = new Float32Array(COLUMNS * COLUMNS).fill(0.5)

it('is the same each time, and none at level 0', () => {
  for (const kind of noiseKinds) {
    expect(withNoise(grey, COLUMNS, kind, 0.2)).toEqual(withNoise(grey, COLUMNS, kind, 0.2))
    expect(withNoise(grey, COLUMNS, kind, 0)).toEqual(grey)
  }
})

it('Gaussian noise has the standard deviation that was asked for', () => {
  const noisy = withNoise(grey, COLUMNS, 'gaussian', 0.1)
  expect(Math.sqrt(mseOf(grey, noisy))).toBeCloseTo(0.1, 2)
  expect(noisy.reduce((sum, value) => sum + value, 0) / noisy.length).toBeCloseTo(0.5, 2)
  expect(withNoise(grey, COLUMNS, 'gaussian', 0.5).every((value) => value >= 0 && value <= 1)).toBe(true)
})

it('salt and pepper turn that share of the pixels, half of them black; a higher level keeps those of a lower', () => {
  const low = withNoise(grey, COLUMNS, 'salt-and-pepper', 0.1)
  const high = withNoise(grey, COLUMNS, 'salt-and-pepper', 0.4)
  const share = (noisy: Float32Array, is: (value: number) => boolean) => noisy.filter(is).length / noisy.length
  expect(share(low, (value) => value !== 0.5)).toBeCloseTo(0.1, 1)
  expect(share(high, (value) => value === 0)).toBeCloseTo(0.2, 1)
  expect(low.every((value, pixel) => value === 0.5 || value === high[pixel])).toBe(true)
})

it('occlusion empties that share of the image in its middle', () => {
  const noisy = withNoise(grey, COLUMNS, 'occlusion', 0.25)
  expect(noisy.filter((value) => value === 0).length / noisy.length).toBeCloseTo(0.25, 2)
  expect([noisy[0], noisy[50 * COLUMNS + 50]]).toEqual([0.5, 0])
})

it('occlusion keeps its share and its place in an image that is not square', () => {
  const flat = new Float32Array(64 * 8).fill(0.5)
  const noisy = withNoise(flat, 64, 'occlusion', 0.5)
  expect(noisy.filter((value) => value === 0).length / noisy.length).toBeCloseTo(0.5, 1)
  expect([noisy[0], noisy[4 * 64 + 32]]).toEqual([0.5, 0])
})

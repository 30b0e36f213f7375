import { expect, it } from 'vitest'
import { operationsOf } from '../../../bench/limit'
import { presets } from '../../../src/shared/experiment'

it('counts lit pixels in the first layer, three products in the others, and validation’s forward pass', () => {
  const images = (count: number, pixels: number[]) => {
    return { pixels: Uint8Array.from(pixels), labels: new Uint8Array(count), count, size: 4 }
  }
  const train = images(3, [0, 9, 9, 0, 1, 0, 0, 0, 255, 255, 255, 255]) // 3 lit in the first two
  const test = images(1, [5, 5, 0, 0]) // 2 lit
  const { base, ...preset } = presets.article
  const varied = { key: 'latentDim' as const, values: [3] }
  const shallow = { ...preset, varied, base: { ...base, epochs: 10, trainLimit: 2 } }
  const products = 2 * 3 * 3 + 3 * (3 * 4) * 2 // two of the first layer's 3 units and 3 lit pixels, three of 3 × 4 for two images
  const validation = 3 * 2 + 3 * 4
  expect(operationsOf(shallow, { train, test })).toBe(2 * 10 * (products + validation))
})

// Codes and reconstructions by hand-made weights.
import { expect, test } from 'vitest'
import { decode, encode } from '@shared/forward'
import type { LayerConfig } from '@shared/model'

const layers: LayerConfig[] = [
  { units: 2, activation: 'relu' },
  { units: 3, activation: 'sigmoid' }
]
const weights = [
  Float32Array.of(1, -1, 0, 2, 3, 0), // [3 × 2]
  Float32Array.of(0.5, -1),
  Float32Array.of(1, 0, -1, 2, 1, 0), // [2 × 3]
  Float32Array.of(0, 0, 1)
]

test('codes are what the encoder makes of each image, reconstructions what the decoder makes of each code', () => {
  const images = Float32Array.of(1, 0, 0, 0, 0.5, 1)
  const codes = encode(layers, weights, images)
  expect([...codes]).toEqual([1.5, 0, 3.5, 0])
  const sigmoid = (x: number) => Math.fround(1 / (1 + Math.exp(-x)))
  const expected = [1.5, 0, -0.5, 3.5, 0, -2.5].map(sigmoid)
  for (const [index, value] of decode(layers, weights, codes).entries())
    expect(value).toBeCloseTo(expected[index] as number, 6)
})

test('activations are those of the field', () => {
  const one = (activation: LayerConfig['activation'], x: number) =>
    encode(
      [
        { units: 1, activation },
        { units: 1, activation: 'sigmoid' }
      ],
      [Float32Array.of(1), Float32Array.of(0), Float32Array.of(1), Float32Array.of(0)],
      Float32Array.of(x)
    )[0]
  expect(one('tanh', 0.5)).toBeCloseTo(Math.tanh(0.5), 6)
  expect(one('linear', -0.5)).toBe(-0.5)
  expect(one('relu', -0.5)).toBe(0)
  expect(one('sigmoid', 0.5)).toBeCloseTo(1 / (1 + Math.exp(-0.5)), 6)
})

// What a model makes of images, in float32 as the engines have it but one image after another: for what a view asks for, not for training.
import type { Activation, LayerConfig } from './model'

/** Weights and biases as tensorShapes (model.ts) lists them. */
export type Weights = readonly Float32Array[]

const functions: Record<Activation, (x: number) => number> = {
  tanh: Math.tanh,
  relu: (x) => (x > 0 ? x : 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  linear: (x) => x
}

/** Stored pixels (uint8) as a model takes them: 0 to 1. */
export function inputsOf(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (pixel) => pixel / 255)
}

/** Codes [count × units of the code] of images [count × pixels], 0 to 1. */
export function encode(layers: readonly LayerConfig[], weights: Weights, images: Float32Array): Float32Array {
  return through(layers, weights, 0, layers.length / 2, images)
}

/** Reconstructions [count × pixels], 0 to 1, of codes [count × units of the code]. */
export function decode(layers: readonly LayerConfig[], weights: Weights, codes: Float32Array): Float32Array {
  return through(layers, weights, layers.length / 2, layers.length, codes)
}

function through(layers: readonly LayerConfig[], weights: Weights, first: number, end: number, values: Float32Array) {
  let current = values
  for (let layer = first; layer < end; layer++) {
    const [matrix, bias] = weights.slice(2 * layer, 2 * layer + 2) as [Float32Array, Float32Array]
    current = dense(current, matrix, bias, (layers[layer] as LayerConfig).activation)
  }
  return current
}

/** One layer: [count × inputs] times [inputs × units] plus bias. Inputs of zero, four fifths of a digit's pixels, cost nothing. */
function dense(values: Float32Array, matrix: Float32Array, bias: Float32Array, activation: Activation): Float32Array {
  const units = bias.length
  const inputs = matrix.length / units
  const count = values.length / inputs
  const apply = functions[activation]
  const result = new Float32Array(count * units)
  for (let row = 0; row < count; row++) {
    const sums = result.subarray(row * units, (row + 1) * units)
    sums.set(bias)
    for (let input = 0; input < inputs; input++) {
      const value = values[row * inputs + input] as number
      if (value === 0) continue
      const start = input * units
      for (let unit = 0; unit < units; unit++)
        sums[unit] = (sums[unit] as number) + value * (matrix[start + unit] as number)
    }
    for (let unit = 0; unit < units; unit++) sums[unit] = apply(sums[unit] as number)
  }
  return result
}

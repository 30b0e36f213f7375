// All models at one width, so that each of their layers is one batched product: where each number of the flat vector goes, and whence
// its gradient comes. Padding is zeros, which add nothing to a product; a GPU has arithmetic to spare, and waits for each launch.
import { PIXELS } from '@shared/experiment'
import type { ModelSpec } from '../../../engine'
import { totalWidth } from '../parameters'
import { flatLength, flatParts } from './flat-state'

/** WebGPU's products read four numbers at once where a row's length allows it. */
const WIDTH_MULTIPLE = 4

export interface Padding {
  /** The width that every code is padded to. */
  width: number
  /** What divides each of `lengths`: cut by rows, as CUDA's kernels look up each place along the axis that they cut. */
  row: number
  /** Lengths of what `spread` picks: encoders [models, 784, width], their biases [models, 1, width], decoders' biases [models, 1, 784], decoders [models, width, 784], decoders transposed [models, 784, width], a row of noughts. */
  lengths: number[]
  /** For each number of these, its place in the flat vector; the vector's last number, always 0, stands for padding. */
  spread: Int32Array
  /** For each number of the flat vector, the place of its gradient in the gradients of the first four and the noughts, end to end. */
  collect: Int32Array
}

/** The width that the codes of these models are padded to. */
export function paddedWidth(models: readonly Pick<ModelSpec, 'latentDim'>[]): number {
  return WIDTH_MULTIPLE * Math.ceil(Math.max(...models.map((model) => model.latentDim)) / WIDTH_MULTIPLE)
}

export function padding(models: ModelSpec[]): Padding {
  const width = paddedWidth(models)
  const matrix = models.length * PIXELS * width
  const row = models.length * commonDivisor(width, PIXELS)
  const lengths = [matrix, models.length * width, models.length * PIXELS, matrix, matrix, row]
  const [encoders = 0, encoderBiases = 0, decoderBiases = 0, decoders = 0, transposed = 0, nought = 0] = starts(lengths)
  const columns = totalWidth(models)
  const [, biasStart = 0, ...decoderStarts] = starts(flatParts(models))
  const zero = flatLength(models) - 1
  const spread = new Int32Array(nought + row).fill(zero)
  const collect = new Int32Array(zero + 1)
  const link = (flat: number, padded: number) => {
    spread[padded] = flat
    collect[flat] = padded
  }

  let column = 0
  models.forEach(({ latentDim }, model) => {
    for (let unit = 0; unit < latentDim; unit++) {
      link(biasStart + column + unit, encoderBiases + model * width + unit)
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        const ofPixel = (model * PIXELS + pixel) * width + unit
        const ofDecoder = (decoderStarts[model] ?? 0) + unit * PIXELS + pixel
        link(pixel * columns + column + unit, encoders + ofPixel)
        link(ofDecoder, decoders + (model * width + unit) * PIXELS + pixel)
        spread[transposed + ofPixel] = ofDecoder
      }
    }
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const ofPixel = model * PIXELS + pixel
      link(biasStart + columns + ofPixel, decoderBiases + ofPixel)
    }
    column += latentDim
  })
  collect[zero] = transposed // behind the first four come the noughts
  return { width, row, lengths, spread, collect }
}

/** Where each of the parts begins that lie end to end. */
function starts(lengths: number[]): number[] {
  let start = 0
  return lengths.map((length) => (start += length) - length)
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

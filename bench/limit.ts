// The least time that a run can take: the multiplications that can't be avoided, at the measured peak of this processor.
import { join } from 'node:path'
import { modelsOf, trainImages, type Experiment } from '../src/shared/experiment'
import type { ModelConfig } from '../src/shared/model'
import type { Dataset } from '../src/main/data/dataset'
import type { Images } from '../src/main/trainer/engines/engine'
import { peerEnvironment } from './peer'
import { installed, succeed } from './python'
import type { Setup } from './setup'

/** Billions of operations a second in float32, of one thread and of all. */
export interface Peak {
  one: number
  all: number
}

/** By products of large matrices in NumPy's BLAS, which come close to what the processor can do; the best of many. */
export async function measurePeak({ root, options, threads, say }: Setup): Promise<Peak> {
  const scripts = join(root, 'bench/peers')
  const python = await installed('numpy', { ...options, scripts, say })
  const gigaflops = async (count: number) =>
    Number(await succeed(python, [join(scripts, 'numpy_peak.py')], peerEnvironment(count)))
  return { one: await gigaflops(1), all: await gigaflops(threads) }
}

/**
 * Multiplications and additions of a run, in products alone: forward, and of every layer the gradients of its weights and of its
 * input. The first layer has no gradient of its input, and black pixels cost it nothing. Validation is forward alone.
 */
export function operationsOf(experiment: Experiment, { train, test }: Pick<Dataset, 'train' | 'test'>): number {
  const images = trainImages(experiment)
  const [lit, litInTest] = [litPixels(train, images), litPixels(test, test.count)]
  const perModel = ({ layers, epochs }: ModelConfig) => {
    const behindFirst = layers.slice(1).reduce((sum, { units }, index) => sum + units * (layers[index]?.units ?? 0), 0)
    const firstUnits = layers[0]?.units ?? 0
    const training = 2 * firstUnits * lit + 3 * behindFirst * images
    const validation = firstUnits * litInTest + behindFirst * test.count
    return 2 * epochs * (training + validation)
  }
  return modelsOf(experiment, train.size).reduce((sum, model) => sum + perModel(model), 0)
}

/** Pixels above 0 in the first `count` images. */
function litPixels({ pixels, size }: Images, count: number): number {
  let lit = 0
  for (let index = 0; index < count * size; index++) if (pixels[index] !== 0) lit++
  return lit
}

// The twenty test digits that are followed through every training.
import type { Probes } from '@shared/contract'
import { probeIndices, type TestSet } from '../data/dataset'

/** Their pixels, labels and indices among the test images. */
export function probesOf({ test }: TestSet): Probes {
  const indices = probeIndices(test.labels)
  const { size } = test
  const pixels = new Uint8Array(indices.length * size)
  indices.forEach((image, probe) => pixels.set(test.pixels.subarray(image * size, (image + 1) * size), probe * size))
  return { pixels, labels: indices.map((image) => test.labels[image] ?? 0), indices }
}

// The twenty test digits that are followed through every training.
import type { Probes } from '@shared/contract'
import { PIXELS } from '@shared/experiment'
import { probeIndices, type TestSet } from '../data/dataset'

/** Their pixels, labels and places among the test images. */
export function probesOf({ test }: TestSet): Probes {
  const indices = probeIndices(test.labels)
  const pixels = new Uint8Array(indices.length * PIXELS)
  indices.forEach((image, probe) =>
    pixels.set(test.pixels.subarray(image * PIXELS, (image + 1) * PIXELS), probe * PIXELS)
  )
  return { pixels, labels: indices.map((image) => test.labels[image] ?? 0), indices }
}

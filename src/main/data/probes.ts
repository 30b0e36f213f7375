// The test images as views get them: the twenty that are followed through every training, and all of them.
import type { Probes, TestImages } from '@shared/contract'
import { probeIndices, type TestSet } from './dataset'

/** Their pixels, labels and indices among the test images. */
export function probesOf({ test }: TestSet): Probes {
  const indices = probeIndices(test.labels)
  const { size } = test
  const pixels = new Uint8Array(indices.length * size)
  indices.forEach((image, probe) => pixels.set(test.pixels.subarray(image * size, (image + 1) * size), probe * size))
  return { pixels, labels: indices.map((image) => test.labels[image] ?? 0), indices }
}

/** All test images, as plain arrays: shared memory crosses no port. */
export function testImagesOf({ info: { rows, columns }, test }: TestSet): TestImages {
  return { pixels: test.pixels.slice(), labels: test.labels.slice(), rows, columns }
}

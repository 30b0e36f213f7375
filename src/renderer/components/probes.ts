// The fixed test images that a run's reconstructions are of, ten beside each other: which they are, and their pixels.
import type { Probes } from '@shared/contract'
import { testImageName } from '@shared/dataset'
import type { DatasetInfo } from '@shared/run'

/** Images side by side; the probes are two sets of as many. */
export const COLUMNS = 10

/** `test digit 5, a 4`: which of the test images stands in a column of those from probe number `first` on, and what it is. */
export function probeName(
  probes: Pick<Probes, 'labels' | 'indices'> | null,
  first: number,
  column: number,
  dataset: Pick<DatasetInfo, 'name' | 'classes'>
): string {
  const label = probes?.labels[first + column]
  if (label === undefined) return testImageName(dataset, column)
  return testImageName(dataset, probes?.indices[first + column] ?? first + column, label)
}

/** Ten images of `pixels` values each from number `first` on, as views. */
export function tenImages(images: Uint8Array, first: number, pixels: number): Uint8Array[] {
  return Array.from({ length: COLUMNS }, (_, column) =>
    images.subarray((first + column) * pixels, (first + column + 1) * pixels)
  )
}

/** What reconstructions are of: `epoch 12`, `untrained`. */
export const epochName = (epoch: number) => (epoch === 0 ? 'untrained' : `epoch ${epoch}`)

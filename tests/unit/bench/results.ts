// Results as a run of the bench would leave them, for the tests of what is made of them.
import { recipeOf } from '../../../bench/contender'
import type { Entry, Results } from '../../../bench/results'

export const entry = (name: string, kind: Entry['kind'], milliseconds: number[], more: Partial<Entry> = {}): Entry => ({
  name,
  title: `the ${name}`,
  kind,
  firstLoss: null,
  milliseconds,
  busyMilliseconds: [],
  validationSeconds: null,
  ...more
})

export const results: Results = {
  format: 2,
  measuredAt: '2026-11-25T12:00:00.000Z',
  machine: { processor: 'A processor', threads: 2, memoryBytes: 8e9, system: 'linux x64', node: '20' },
  comparisons: [
    {
      recipe: recipeOf('keras-blog'),
      entries: [
        entry('numpy', 'products', [3.3, 3.3, 3.3], { busyMilliseconds: [3, 3, 3] }),
        entry('cpu', 'ours', [3, 3.3, 3], {
          firstLoss: 0.6189,
          busyMilliseconds: [4, 4, 4],
          validationSeconds: 0.095
        }),
        entry('cpu/24', 'variant', [15, 12.3, 12.9]),
        entry('jax', 'peer', [7.2, 7.26, 6], { firstLoss: 0.6133, validationSeconds: 0.3 })
      ]
    },
    { recipe: recipeOf('article'), entries: [entry('cpu', 'ours', [2, 2, 2]), entry('jax', 'peer', [4, 4.1, 4])] }
  ],
  kernels: [entry('avx2/2', 'ours', [3, 3, 4]), entry('sse2/2', 'ours', [9, 9, 10])],
  epochEnds: { whole: [1.6, 1.6, 1.7], validation: [1.6, 1.59, 1.6], steps: [1.5, 1.5, 1.5] },
  memory: [300e6, 400e6, 420e6],
  article: { device: 'cpu', training: 84, command: 90, operations: 5.6e12 },
  peak: { one: 100, all: 200 },
  skipped: [{ name: 'tfjs', title: 'TensorFlow.js', reason: 'it is not installed' }]
}

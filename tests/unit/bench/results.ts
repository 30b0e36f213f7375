// Results as a run of the bench would leave them, for the tests of what is made of them.
import type { Entry, Results } from '../../../bench/results'

export const entry = (name: string, kind: Entry['kind'], milliseconds: number[], more: Partial<Entry> = {}): Entry => ({
  name,
  title: `the ${name}`,
  kind,
  firstLoss: null,
  stepsPerRound: 235,
  milliseconds,
  busyMilliseconds: [],
  article: null,
  ...more
})

export const results: Results = {
  format: 1,
  measuredAt: '2026-11-25T12:00:00.000Z',
  machine: {
    processor: 'A processor',
    threads: 2,
    memoryBytes: 8e9,
    system: 'linux x64',
    node: '20',
    onnxruntime: '1'
  },
  recipe: { preset: 'keras-blog', latentDims: [2, 8], batchSize: 256, stepsPerEpoch: 235 },
  entries: [
    entry('products/groups', 'products', [2, 2.2, 2], { busyMilliseconds: [3, 3, 3] }),
    entry('onnxruntime/cpu', 'ours', [3, 3.3, 3], {
      firstLoss: 0.6189,
      busyMilliseconds: [4, 4, 4],
      article: { seconds: 97, epochs: 1 }
    }),
    entry('jax', 'peer', [4.2, 4.6, 4.2], { firstLoss: 0.6133, article: { seconds: 142, epochs: 3 } })
  ],
  manyModels: { six: [3, 3, 3], twentyFour: [15, 12.3, 12.9] },
  article: null,
  memory: { epochs: 3, bytes: [300e6, 400e6, 420e6] },
  epochEnds: { whole: [1.5, 1.6, 1.7], stepsAlone: [1.5, 1.5, 1.5] },
  profile: null,
  skipped: [{ name: 'tfjs', title: 'TensorFlow.js', reason: 'it is not installed' }]
}

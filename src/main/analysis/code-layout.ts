// The codes of the test images by one model, laid out in a plane by UMAP.
import type { CodeLayout } from '@shared/analysis'
import { planeOf, project } from '@shared/code-plane'
import { LabError } from '@shared/errors'
import { codeUnits } from '@shared/model'
import type { Dataset } from '../data/dataset'
import { openModels, type WeightedModels } from './analysed-models'
import type { OnStep } from './claims'
import { nearestNeighbours } from './neighbours'
import { MIN_DISTANCE, umap } from './umap'

/** The point itself among them, as umap-learn counts. */
const NEIGHBOURS = 15
const EPOCHS = 200
const SEED = 1

/** `index` is the model's among those of the run. Throws LabError `bad-value` where there is none. */
export async function layoutOf(
  { epoch, models, weights }: WeightedModels,
  index: number,
  { test, train }: Dataset,
  threads: number,
  onStep: OnStep
): Promise<CodeLayout> {
  const chosen = { models: models.slice(index, index + 1), weights: weights.slice(index, index + 1) }
  const [model] = chosen.models
  if (!model) {
    throw new LabError('bad-value', 'The run has no such model', {
      found: `model ${index}`,
      expected: `0 to ${models.length - 1}`
    })
  }
  const units = codeUnits(model.layers)
  const codes = await codesOf(chosen, test, train, threads)
  const neighbours = Math.min(NEIGHBOURS, test.count)
  const graph = nearestNeighbours({ values: codes, count: test.count, size: units }, neighbours - 1, (share) =>
    onStep(`neighbours of ${units} units`, 0.02 + 0.3 * share)
  )
  const beginning = project(codes, planeOf(codes, units))
  const points = umap(graph, beginning, { epochs: EPOCHS, seed: SEED }, (share) =>
    onStep('layout', 0.32 + 0.68 * share)
  )
  return {
    kind: 'umap',
    epoch,
    model: index,
    images: test.count,
    neighbours,
    minDistance: MIN_DISTANCE,
    epochs: EPOCHS,
    seed: SEED,
    points: Buffer.from(points.buffer).toString('base64')
  }
}

async function codesOf(
  chosen: Pick<WeightedModels, 'models' | 'weights'>,
  test: Dataset['test'],
  train: Dataset['train'],
  threads: number
): Promise<Float32Array> {
  const atWork = await openModels(chosen, train, threads)
  try {
    const { code } = await atWork.forward(test, ['code'])
    return code[0] as Float32Array
  } finally {
    await atWork.close()
  }
}

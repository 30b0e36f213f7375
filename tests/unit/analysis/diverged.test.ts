// Models whose weights or answers are no numbers: refused with the reason, and not analysed.
import { expect, it } from 'vitest'
import { planeOf } from '../../../src/shared/code-plane'
import { modelsOf } from '../../../src/shared/experiment'
import { openModels } from '../../../src/main/analysis/analysed-models'
import { initialWeights } from '../../../src/main/trainer/initial-state'
import { smallExperiment } from '../../fixtures/lab'

const experiment = smallExperiment({ base: { activation: 'linear' } as never })
const models = modelsOf(experiment, 4)
const images = { pixels: new Uint8Array(new SharedArrayBuffer(8)).fill(255), count: 2, size: 4 }

/** Those at the start, those of the second model changed. */
const weightsWith = (change: (tensors: Float32Array[]) => void) => {
  const weights = models.map(initialWeights)
  change(weights[1] as Float32Array[])
  return weights
}

it.each([NaN, Infinity])('refuses a weight of %f, with the model', async (value) => {
  const weights = weightsWith(([matrix]) => matrix?.fill(value, 0, 1))
  await expect(openModels({ models, weights }, images, 1)).rejects.toMatchObject({
    kind: 'diverged',
    message: `${models[1]?.label} has diverged: found weights that are no numbers, expected finite ones. Choose an earlier epoch, or train with a smaller learning rate.`
  })
})

it('refuses answers of finite weights that are too large', async () => {
  const weights = weightsWith(([matrix]) => matrix?.fill(3e38))
  const atWork = await openModels({ models, weights }, images, 1)
  await expect(atWork.forward(images, ['code'])).rejects.toMatchObject({ kind: 'diverged' })
  await atWork.close()
})

it('has no plane of codes that are no numbers', () => {
  for (const units of [2, 3]) {
    expect(() => planeOf(new Float32Array(6).fill(NaN), units)).toThrow('The model has diverged: found codes that are')
  }
})

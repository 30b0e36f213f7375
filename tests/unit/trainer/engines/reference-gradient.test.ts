// The double-precision gradients that engines are held against are those of the loss itself: central differences in deep chains.
import { describe, expect, it } from 'vitest'
import { randomStream } from '@shared/random'
import { chainBatch, chains, chainState } from '../../../contract/deep-chains'
import { referenceForward, referenceGradient, referenceModel } from '../../../fixtures/float64/reference'

/** So short that no unit of relu crosses its kink, so long that rounding in the loss stays below a tenth of the tolerance. */
const STEP = 2e-6
/** Of a tensor's whole gradient. */
const TOLERANCE = 1e-5

describe.each(chains)('$id', (config) => {
  const model = referenceModel(config, chainState(config))
  const random = randomStream(1, 'directions', config.id)
  const { loss, gradients } = referenceGradient(model, chainBatch)
  const meanLoss = () =>
    chainBatch.reduce((sum, image) => sum + referenceForward(model, image)[config.loss], 0) / chainBatch.length

  /** The loss's slope where a tensor goes this way. */
  function slope(tensor: Float64Array, direction: Float64Array): number {
    const before = tensor.slice()
    const [ahead, behind] = [STEP, -STEP].map((step) => {
      tensor.forEach((_, n) => (tensor[n] = (before[n] as number) + step * (direction[n] as number)))
      return meanLoss()
    }) as [number, number]
    tensor.set(before)
    return (ahead - behind) / (2 * STEP)
  }

  it('answers with the loss', () => expect(loss).toBeCloseTo(meanLoss(), 14))

  it.each(gradients.map((gradient, tensor) => ({ gradient, tensor })))(
    'tensor $tensor: along random signs, and the parameters of the largest gradients alone',
    ({ gradient, tensor }) => {
      const weights = model.weights[tensor] as Float64Array
      const signs = gradient.map(() => (random() < 0.5 ? -1 : 1))
      const size = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      const along = gradient.reduce((sum, value, n) => sum + value * (signs[n] as number), 0)
      expect(Math.abs(slope(weights, signs) - along) / size).toBeLessThan(TOLERANCE)
      const order = [...gradient.keys()].sort(
        (a, b) => Math.abs(gradient[b] as number) - Math.abs(gradient[a] as number)
      )
      for (const n of order.slice(0, 3)) {
        const alone = new Float64Array(gradient.length)
        alone[n] = 1
        expect(Math.abs(slope(weights, alone) - (gradient[n] as number)) / size).toBeLessThan(TOLERANCE)
      }
    }
  )
})

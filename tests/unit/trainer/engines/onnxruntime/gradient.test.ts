import { describe, expect, it } from 'vitest'
import { ADAM, activations } from '@shared/experiment'
import { tensorNames } from '../../../../../src/main/trainer/engine'
import { createOnnxruntimeEngine } from '../../../../../src/main/trainer/engines/onnxruntime/engine'
import { initialState } from '../../../../../src/main/trainer/initialize'
import { asNumbers, testDigits, trainingDigits } from '../digits'
import { fromState, gradient } from '../float64-autoencoder'

const engine = createOnnxruntimeEngine('here')

describe.each(activations)('the graph with %s', (activation) => {
  it('has the gradients of the double-precision reference, in each tensor', async () => {
    const train = trainingDigits(24)
    const models = [5, 16].map((latentDim) => ({ name: `d=${latentDim}`, latentDim, activation }))
    const states = models.map((model) => initialState(model, 3))
    const job = { models, batchSize: 24, learningRate: 0.001, train, test: testDigits(10), device: 'cpu', threads: 1 }
    const training = await engine.open(job)
    await training.load(states)
    await training.steps(Int32Array.from({ length: 24 }, (_, index) => index))
    const after = await training.save()
    await training.close()

    const images = asNumbers(train, [...Array(24).keys()])
    models.forEach((_, index) => {
      const start = states[index]
      if (!start) throw new Error('no state')
      const expected = gradient(fromState(start, activation), images)
      for (const name of tensorNames) {
        // After one step from nothing m = (1 − β1)·g.
        const moment = after[index]?.firstMoment[name] ?? new Float32Array()
        const error = expected[name].map((g, i) => (moment[i] ?? NaN) / (1 - ADAM.beta1) - g)
        expect(Math.hypot(...error) / Math.hypot(...expected[name]), `${name} of model ${index}`).toBeLessThan(1e-4)
      }
    })
  })
})

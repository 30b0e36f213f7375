import { describe, expect, it } from 'vitest'
import { activations } from '@shared/experiment'
import { tensorNames } from '../../../../src/main/trainer/engine'
import { initialState } from '../../../../src/main/trainer/initialize'
import { asNumbers, trainingDigits } from './digits'
import { evaluate, fromState, gradient } from './float64-autoencoder'

const SAMPLES = 40
const DISTANCE = 1e-5

describe.each(activations)('the double-precision reference with %s', (activation) => {
  const images = asNumbers(trainingDigits(6), [0, 1, 2, 3, 4, 5])
  const model = fromState(initialState({ name: 'd=3', latentDim: 3, activation }, 11), activation)
  model.weights['encoder.bias'].set([0.1, -0.2, 0.3])
  const analytic = gradient(model, images)

  it.each(tensorNames)('has the gradient of %s that central differences give', (name) => {
    const weights = model.weights[name]
    const stride = Math.max(1, Math.floor(weights.length / SAMPLES))
    let error = 0
    let size = 0
    for (let i = 0; i < weights.length; i += stride) {
      const original = weights[i] as number
      weights[i] = original + DISTANCE
      const above = evaluate(model, images).bce
      weights[i] = original - DISTANCE
      const below = evaluate(model, images).bce
      weights[i] = original
      const numeric = (above - below) / (2 * DISTANCE)
      error += (numeric - (analytic[name][i] as number)) ** 2
      size += numeric ** 2
    }
    expect(size).toBeGreaterThan(0)
    expect(Math.sqrt(error / size)).toBeLessThan(1e-4)
  })
})

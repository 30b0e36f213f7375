// The double-precision reference that engines are held against takes the steps that Keras takes, to rounding.
import { expect, it } from 'vitest'
import { optimizers } from '@shared/model'
import { imageAt } from '../../../contract/cpu-models'
import { joined, kerasCases, kerasOrder, kerasTrain, largestDifference } from '../../../contract/keras-cases'
import { referenceModel, referenceStep } from '../../../fixtures/float64/reference'

it('has cases for every optimizer, shallow and deep', () => {
  expect(kerasCases.map(({ name }) => name)).toEqual(
    Object.keys(optimizers).flatMap((optimizer) => [`${optimizer}, shallow`, `${optimizer}, deep`])
  )
})

it.each(kerasCases)('$name', ({ model, before, losses, after, slots }) => {
  const reference = referenceModel(model, before)
  // Adagrad's accumulator begins with 0.1, which engines round to float32.
  const { initialSlot } = optimizers[model.optimizer]
  reference.slots.flat().forEach((slot) => slot.fill(initialSlot))
  losses.forEach((loss, step) => {
    const { batchSize } = model
    const batch = Array.from(kerasOrder.subarray(step * batchSize, (step + 1) * batchSize), (index) =>
      imageAt(kerasTrain, index)
    )
    expect(Math.abs(referenceStep(reference, batch) - loss)).toBeLessThan(1e-14)
  })
  expect(largestDifference(joined(reference.weights), after)).toBeLessThan(1e-14)
  slots.forEach((slot, s) => expect(largestDifference(joined(reference.slots[s] ?? []), slot)).toBeLessThan(1e-14))
})

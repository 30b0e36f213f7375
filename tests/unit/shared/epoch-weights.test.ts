// Which epochs' weights are kept, in how many bytes, and what is said of it.
import { expect, test } from 'vitest'
import {
  bytesOfEpoch,
  everyInWords,
  hasWeights,
  isKept,
  keptCount,
  keptEvery,
  lostWeights,
  nearestWithWeights,
  weightsInWords,
  weightsOf
} from '@shared/epoch-weights'
import { modelsOf, presets } from '@shared/experiment'
import { toHalf } from '@shared/half-floats'
import { fixtureRun } from '../../fixtures/run-file'

test('as many epochs are kept as fit, evenly, with the last; one more would not fit', () => {
  for (let epochs = 1; epochs <= 60; epochs++) {
    for (let room = 0; room <= 70; room++) {
      const every = keptEvery(1000, epochs, 1000 * room + 999)
      const kept = Array.from({ length: epochs }, (_, index) => index + 1).filter((epoch) =>
        isKept(epoch, epochs, every)
      )
      expect(kept.length).toBe(keptCount(epochs, every))
      expect(kept.length).toBeLessThanOrEqual(room)
      if (room === 0) expect(every).toBe(0)
      else expect(kept.at(-1)).toBe(epochs)
      expect(new Set(kept.slice(1).map((epoch, index) => epoch - (kept[index] as number))).size).toBeLessThanOrEqual(1)
      if (every > 1) expect(keptCount(epochs, every - 1)).toBeGreaterThan(room)
    }
  }
})

test('the article’s six models fit with every epoch, and no epoch is kept that is not planned', () => {
  const bytes = bytesOfEpoch(modelsOf(presets.article, 784))
  expect(bytes).toBeGreaterThan(2 * 396_954)
  expect(bytes).toBeLessThan(2 * 396_954 + 4000)
  expect(keptEvery(bytes, 70, 200e6)).toBe(1)
  expect([0, 71].map((epoch) => isKept(epoch, 70, 1))).toEqual([false, false])
})

test('a model’s bytes become its tensors, wherever they lie', () => {
  const layers = [
    { units: 2, activation: 'tanh' },
    { units: 3, activation: 'sigmoid' }
  ] as const
  const values = Float32Array.from({ length: 17 }, (_, index) => index / 8)
  const shifted = new Uint8Array(35)
  shifted.set(new Uint8Array(toHalf(values).buffer), 1)
  const tensors = weightsOf(shifted.subarray(1), layers)
  expect(tensors.map(({ length }) => length)).toEqual([6, 2, 6, 3])
  expect(tensors.flatMap((tensor) => [...tensor])).toEqual([...values])
  expect(() => weightsOf(shifted.subarray(2), layers)).toThrow(RangeError)
})

test('what is thinned and what could not be written is said; nothing where all is there', () => {
  expect([0, 1, 2, 3, 4, 11, 12, 21, 113].map((every) => everyInWords(every, 200))).toEqual([
    'no epoch',
    'every epoch',
    ...['2nd', '3rd', '4th', '11th', '12th', '21st', '113th'].map((nth) => `every ${nth} epoch`)
  ])
  const run = fixtureRun({ epochs: 6 })
  const keeping = (every: number, ...sha256: (string | null)[]) => ({
    ...run,
    weights: { every, sha256, problem: null }
  })
  expect(weightsInWords(run)).toBe('')
  expect(weightsInWords(keeping(1, 'a', 'b', 'c'))).toBe('')
  expect(weightsInWords(keeping(6))).toBe('weights of the last epoch alone are kept')
  expect(everyInWords(1, 1)).toBe('every epoch')
  expect(weightsInWords(keeping(0))).toBe('weights of no epoch are kept')
  expect(weightsInWords(keeping(2, null, 'a', null, 'b'))).toBe('weights of every 2nd epoch are kept')
  expect(lostWeights(keeping(2, null, 'a', null, null, null, 'c'))).toBe(1)
  expect(weightsInWords(keeping(1, 'a', null))).toBe('weights of 1 epoch could not be written')
})

test('weights can be had of the untrained models, the last epoch and those kept, also where a view follows a training', () => {
  const run = fixtureRun({ epochs: 6, epochsDone: 5 })
  const kept = (every: number, ...sha256: (string | null)[]) => ({ ...run, weights: { every, sha256, problem: null } })
  const epochs = (file: Parameters<typeof hasWeights>[0]) =>
    [0, 1, 2, 3, 4, 5, 6].filter((epoch) => hasWeights(file, epoch))
  expect(epochs(run)).toEqual([0, 5])
  expect(epochs(kept(2, null, 'a', null, 'b'))).toEqual([0, 2, 4, 5])
  expect(epochs(kept(1, 'a', null))).toEqual([0, 1, 3, 4, 5]) // of 3 and 4 it has not heard yet
  expect([6, 5, 3, 1].map((epoch) => nearestWithWeights(kept(2, null, 'a', null, 'b'), epoch))).toEqual([5, 5, 2, 0])
})

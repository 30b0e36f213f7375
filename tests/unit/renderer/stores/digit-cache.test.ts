import { expect, it } from 'vitest'
import { createDigitCache } from '../../../../src/renderer/stores/digit-cache'

const EPOCH = 2 * 20 * 784

it('parts a range into epochs', () => {
  const cache = createDigitCache()
  const pixels = new Uint8Array(2 * EPOCH)
  pixels.fill(7, EPOCH)
  cache.putHistory({ firstEpoch: 17, epochs: 2, models: 2, pixels })
  expect(cache.get(17)?.every((value) => value === 0)).toBe(true)
  expect(cache.get(18)?.every((value) => value === 7)).toBe(true)
  expect(cache.get(18)).toHaveLength(EPOCH)
  expect(cache.get(19)).toBeNull()
})

it('forgets what was not looked at for longest when memory runs out', () => {
  const cache = createDigitCache(2 * EPOCH)
  cache.put(1, new Uint8Array(EPOCH))
  cache.put(2, new Uint8Array(EPOCH))
  cache.get(1)
  cache.put(3, new Uint8Array(EPOCH))
  expect([1, 2, 3].map((epoch) => cache.get(epoch) !== null)).toEqual([true, false, true])
})

it('counts an epoch once that is put twice', () => {
  const cache = createDigitCache(2 * EPOCH)
  for (const epoch of [1, 2, 2, 2]) cache.put(epoch, new Uint8Array(EPOCH))
  expect(cache.get(1)).not.toBeNull()
})

it('epoch 0, which comes from no file, is never forgotten', () => {
  const cache = createDigitCache(30)
  for (let epoch = 0; epoch <= 5; epoch++) cache.put(epoch, new Uint8Array(10).fill(epoch))
  expect([0, 1, 2, 3, 4, 5].map((epoch) => cache.get(epoch)?.[0])).toEqual([0, undefined, undefined, undefined, 4, 5])
})

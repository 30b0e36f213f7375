import { expect, it } from 'vitest'
import { createCollector } from '../../../src/main/system/collector'

const TAKEN = 8e6
const collect = createCollector()
const take = () => new Float64Array(TAKEN / Float64Array.BYTES_PER_ELEMENT)
const heldBytes = () => process.memoryUsage().arrayBuffers

/** What is held in the end: another thread of V8 gives back what was collected. */
const held = () => expect.poll(heldBytes, { timeout: 2000 })

it('gives back what typed arrays held that were dropped, and nothing else', async () => {
  collect()
  let kept: Float64Array | null = take()
  const before = heldBytes()
  const lengths = [take().length, take().length] // dropped
  expect(heldBytes() - before).toBeGreaterThan(TAKEN)
  collect()
  await held().toBeLessThan(before + TAKEN / 2)
  expect(heldBytes()).toBeGreaterThan(before - TAKEN / 2)
  expect(lengths).toContain(kept.length)
  kept = null
  collect()
  await held().toBeLessThan(before - TAKEN / 2)
})

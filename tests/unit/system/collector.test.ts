import { expect, it } from 'vitest'
import { createCollector } from '../../../src/main/system/collector'

const TAKEN = 8e6
const collect = createCollector()
const take = () => new Float64Array(TAKEN / Float64Array.BYTES_PER_ELEMENT)
const heldBytes = () => process.memoryUsage().arrayBuffers

/** What is held in the end: another thread of V8 gives back what was collected. */
const held = () => expect.poll(heldBytes, { timeout: 2000 })

it.each(['minor', 'major'] as const)('gives back what typed arrays held that were dropped: %s', async (type) => {
  collect('major')
  const before = heldBytes()
  const lengths = [take().length, take().length] // dropped
  expect(heldBytes() - before).toBeGreaterThan(TAKEN)
  collect(type)
  await held().toBeLessThan(before + TAKEN / 2)
  expect(lengths).toHaveLength(2)
})

it('finds what has outlived minor collections by a major one alone', async () => {
  let kept: Float64Array | null = take()
  const before = heldBytes()
  for (let collections = 0; collections < 3; collections++) collect('minor')
  expect(kept.length).toBeGreaterThan(0)
  kept = null
  collect('minor')
  expect(heldBytes()).toBeGreaterThan(before - TAKEN / 2)
  collect('major')
  await held().toBeLessThan(before - TAKEN / 2)
})
